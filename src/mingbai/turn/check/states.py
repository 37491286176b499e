"""A state of an order, parcel, refund or stock is said in the facts' own words: 已签收 is not 已发货, delivered not shipped."""

from __future__ import annotations

import re

from mingbai.turn.basis import Basis

# Words of one family exclude each other; a sentence may use one only if the facts do.
ZH = (
    "待付款", "未付款", "已付款", "等待发货", "待发货", "未发货", "还没有发货", "已发货", "已经发货", "部分发货", "运输中", "运送中", "已揽收",
    "派送中", "正在派送", "已签收", "已经签收", "签收了", "已送达", "已经送达", "已取消", "已经取消", "已完成", "交易完成", "已退款", "已经退款",
    "退款成功", "退款中", "已退回", "丢失", "丢件", "清关", "有货", "现货", "缺货", "无货", "没货", "售罄", "补货", "预售", "下架", "已换货",
    "已开票", "已开具", "已开出", "未开出", "已通过", "已拒绝", "已同意", "已申请", "已寄回", "已寄出", "审核中", "已收到", "已到账", "已用完", "已过期", "已失效",
    "全部发货", "已入库", "已补发", "已下架", "已批准", "已驳回", "没有货", "不在期限内",
)  # fmt: skip
SAME_ZH = (
    ("已发货", "已经发货"), ("已签收", "已经签收", "签收了", "日签收", "的签收时间"), ("已送达", "已经送达"), ("已取消", "已经取消"),
    ("已退款", "已经退款", "退款成功"), ("派送中", "正在派送"), ("运输中", "运送中", "在路上"), ("等待发货", "待发货"), ("有货", "现货", "库存"),
    ("缺货", "无货", "没货", "售罄", "卖完"), ("待付款", "未付款"), ("丢失", "丢件"), ("未发货", "还没有发货", "没有发货"), ("已开票", "已开具", "已经开", "开具"),
    ("已过期", "已失效", "过期", "已经过了"), ("已同意", "已通过", "已批准"), ("已开出", "已开票", "已开具"), ("已拒绝", "已驳回"), ("已申请", "已提交"), ("清关", "清关中"), ("已收到", "仓库收到"), ("补货",), ("已完成", "交易完成"),
)  # fmt: skip
EN = (
    "unpaid", "paid", "awaiting dispatch", "dispatched", "shipped", "in transit", "on its way", "out for delivery", "delivered", "arrived",
    "cancelled", "canceled", "completed", "refunded", "returned", "lost", "in customs", "in stock", "out of stock", "sold out", "unavailable",
    "restocked", "approved", "rejected", "exchanged", "issued", "expired", "processing", "pending", "signed for", "collected", "requested",
    "sent back", "fully dispatched", "still open", "still covered", "no longer covered", "over",
)  # fmt: skip
SAME_EN = (
    ("dispatched", "shipped"), ("in transit", "on its way", "sent back"), ("delivered", "signed for"), ("cancelled", "canceled"),
    ("out of stock", "sold out", "unavailable"), ("refunded", "was refunded"), ("returned", "sent back"), ("paid", "payment"), ("completed", "is complete"),
    ("expired", "passed"), ("issued",), ("approved",), ("pending", "waiting"), ("over", "passed"), ("expired", "still open", "until", "runs until"), ("lost",), ("in stock", "stock"), ("restocked", "restock"),
)  # fmt: skip


def states(sentence: str, basis: Basis) -> str:
    words, same = (EN, SAME_EN) if basis.english else (ZH, SAME_ZH)
    text = basis.told.casefold()
    low = sentence.casefold() if basis.english else re.sub(r"已经(?!过了)", "已", sentence)
    text = (
        text
        if basis.english
        else re.sub(r"已于[^，。；]{0,20}?(?=[一-鿿]{2}[，。；）]|[一-鿿]{2}$)|已经(?!过了)", "已", text)
    )
    for word in words:
        if _in(word, low, basis.english) and not any(
            _in(w, text, basis.english)
            for w in (word, *(w for group in same if word in group for w in group))
        ):
            return word
    return ""


def _in(word: str, text: str, english: bool) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None if english else word in text
