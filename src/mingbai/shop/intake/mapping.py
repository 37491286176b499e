"""A first proposal for a table that no profile knows: which column is probably which field. A person confirms it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mingbai.shop.intake.fields import required
from mingbai.shop.intake.profile import TYPES, normal
from mingbai.values.records import KINDS

# Words that shops write above their columns. The first field whose words fit takes the column.
WORDS: dict[str, dict[str, str]] = {
    "order": {
        "order_no": "订单号 订单编号 单号 订单ID order order_no order_number order_id 编号",
        "state_said": "状态 订单状态 status state",
        "customer_id": "客户编号 会员号 会员名 买家 customer customer_id buyer",
        "total": "总金额 金额 订单金额 应付 合计金额 total amount",
        "paid": "实付 实付金额 支付金额 已付 paid",
        "shipping": "运费 邮费 shipping",
        "discount": "优惠 折扣 优惠金额 discount",
        "created_at": "下单时间 创建时间 日期 下单日期 时间 date created created_at",
        "paid_at": "付款时间 支付时间 paid_at",
        "shipped_at": "发货时间 发货日期 shipped shipped_at",
        "recipient": "收货人 收件人 姓名 客户 客户姓名 recipient name",
        "phone": "电话 手机 手机号 联系电话 收货电话 phone mobile",
        "email": "邮箱 email e-mail",
        "address": "地址 收货地址 详细地址 address",
        "postcode": "邮编 zip postcode",
        "buyer_note": "买家留言 留言 note",
        "seller_note": "备注 卖家备注 remark",
    },
    "line": {
        "order_no": "订单号 订单编号 单号 order order_no order_number order_id",
        "title": "商品 商品名称 品名 名称 title item product",
        "sku": "sku 商家编码 货号 编码 规格编码",
        "options": "规格 型号 颜色 options variant",
        "quantity": "数量 件数 qty quantity",
        "unit_price": "单价 价格 price unit_price",
    },
    "shipment": {
        "order_no": "订单号 订单编号 单号 order order_no",
        "tracking_no": "快递单号 运单号 物流单号 tracking tracking_no tracking_number",
        "carrier": "快递公司 快递 物流公司 carrier",
    },
    "product": {
        "product_no": "商品编号 商品编码 货号 商品ID 编码 编号 product_no product_id id sku",
        "title_zh": "商品名称 名称 品名 标题 商品",
        "title_en": "title name english_name 英文名",
        "category": "分类 类目 品类 category",
        "description_zh": "描述 详情 说明 介绍",
        "description_en": "description",
        "brand": "品牌 brand",
        "tags": "标签 tags",
    },
    "variant": {
        "sku": "sku 规格编码 商家编码 货号 编码 编号 商品编码 商品编号",
        "product_no": "商品编号 商品编码 货号 商品ID 编码 编号 product_no product_id id sku",
        "title_zh": "规格 规格名称 商品名称 名称 品名",
        "barcode": "条码 条形码 barcode ean gtin",
    },
    "price": {
        "sku": "sku 规格编码 商家编码 货号 编码 编号 商品编码 商品编号",
        "amount": "售价 价格 单价 零售价 price",
    },
    "stock": {
        "sku": "sku 规格编码 商家编码 货号 编码 编号 商品编码 商品编号",
        "on_hand": "库存 库存数量 可用库存 stock on_hand quantity 数量",
        "warehouse": "仓库 warehouse",
    },
    "customer": {
        "customer_id": "会员号 客户编号 会员编号 编号 customer_id id 手机 手机号 电话 phone email 邮箱",
        "name": "姓名 客户 客户姓名 name",
        "phone": "手机 手机号 电话 联系电话 phone mobile",
        "email": "邮箱 email e-mail",
        "address": "地址 收货地址 address",
    },
}  # fmt: skip
# What a table is about, and the kinds that such a table can fill.
ABOUT: dict[str, tuple[str, ...]] = {
    "orders": ("order", "line", "shipment"),
    "products": ("product", "variant", "price", "stock"),
    "customers": ("customer",),
}
_KEYS = {kind: key for kind, _, key in KINDS}


def about(header: Sequence[str]) -> str:
    """What the columns speak of: the subject with the most columns found."""
    return max(
        ABOUT,
        key=lambda subject: (
            len({c for kind in ABOUT[subject] for c in proposed(kind, header).values()}),
            subject == "orders",
        ),
    )


def proposed(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Field → column, for the fields with a column that says so."""
    columns = {normal(name): name for name in reversed(header) if name}
    found = {}
    for name, words in WORDS[kind].items():
        column = next((columns[normal(word)] for word in words.split() if normal(word) in columns), None)
        if column is not None:
            found[name] = column
    return found


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields that the dialogue offers."""
    return tuple(WORDS[kind])


def lacking(kind: str, fields: Mapping[str, str]) -> frozenset[str]:
    """The fields without which no such record can be made."""
    free = {"line_no", "seq", "kind", "currency", "valid_from", "warehouse"}
    return (required(TYPES[kind]) | frozenset(_KEYS[kind])) - free - fields.keys()


def written(
    title: str, header: Sequence[str], kinds: Mapping[str, Mapping[str, str]], *,
    currency: str, timezone: str, states: Mapping[str, str],
) -> str:  # fmt: skip
    """The profile as TOML; `profile.parse` reads it."""
    used = {column for fields in kinds.values() for column in fields.values()}
    lines = [
        "# 由 mingbai import 的对话写成，可以直接修改。 / Written by the dialogue of mingbai import; edit it freely.",
        f"title_zh = {_quoted(title)}",
        f"title_en = {_quoted(title)}",
        f"header = [{', '.join(_quoted(name) for name in header if name in used)}]",
    ]
    if currency:
        lines.append(f"currency = {_quoted(currency)}")
    if timezone:
        lines.append(f"timezone = {_quoted(timezone)}")
    number = kinds.get("order", kinds.get("line", {})).get("order_no")
    if number:
        lines += [f"group = {_quoted(number)}", f"carry = [{_quoted(number)}]"]
    for kind, fields in kinds.items():
        lines += ["", f"[{kind}]"]
        if kind == "order":
            lines.append("once = true")
        if kind in ("shipment", "price", "stock") and (condition := _condition(kind, fields)):
            lines.append(f"if = {_quoted(condition)}")
        lines += [f"{name} = {_quoted(column)}" for name, column in fields.items()]
    if states:
        lines += ["", "[states]", *(f"{_quoted(word)} = {_quoted(state)}" for word, state in states.items())]
    return "\n".join([*lines, ""])


def _condition(kind: str, fields: Mapping[str, str]) -> str:
    return fields.get({"shipment": "tracking_no", "price": "amount", "stock": "on_hand"}[kind], "")


def _quoted(words: str) -> str:
    """TOML's basic strings escape as JSON's do, but for DEL."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
