"""The certificate of an erasure in words and as JSON, for the person; and rights as the office's page asks for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from mingbai.permit.retention import Clock
from mingbai.permit.rights import Erasure, Rights, Then, line_of
from mingbai.values.errors import Text
from mingbai.values.json import JsonObject, JsonValue

OFFICE = "office"
UNCOUNTED = ("memory", "backups", "sessions")


def text_of(erasure: Erasure, clocks: Mapping[str, Clock], lang: Literal["zh", "en"]) -> str:
    """The certificate (or what would stand on it) in words."""
    zh = lang == "zh"
    head = (
        ("个人信息删除证明" if erasure.done else "将要删除的（尚未删除）")
        if zh
        else ("Certificate of erasure" if erasure.done else "What would be erased (nothing is yet)")
    )
    lines = [head, ""]
    if erasure.done:
        when = erasure.at.isoformat(timespec="seconds")
        lines += [
            f"编号 {erasure.id}，{when}，店铺 {erasure.shop}；销毁密钥 {erasure.keys} 把。" if zh
            else f"No. {erasure.id}, {when}, shop {erasure.shop}; {erasure.keys} keys destroyed.",
            "",
        ]  # fmt: skip
    for held in erasure.held:
        store, kind = STORES[held.store], KINDS[held.kind]
        then = THENS[held.then] if erasure.done else WOULD.get(held.then, THENS[held.then])
        count = "" if held.count == 0 and held.store in UNCOUNTED else f"{held.count:>8}  "
        lines.append(
            f"  {count or ' ' * 10}{(store, kind, then)[0].zh if zh else store.en} · {kind.zh if zh else kind.en}: {then.zh if zh else then.en}"
        )
    lines += ["", "保留的与依据：" if zh else "What stays, and by which law:"]
    for name in dict.fromkeys(h.clock for h in erasure.held if h.then == "kept" and h.count):
        clock = clocks[name]
        lines.append(
            f"  {clock.what.zh}：{clock.law.zh}（{clock.source}）"
            if zh
            else f"  {clock.what.en}: {clock.law.en} ({clock.source})"
        )
    if erasure.done:
        lines += [
            "",
            "任何人可离线验证：mingbai receipts verify 证明文件"
            if zh
            else "Anyone can verify it offline: mingbai receipts verify FILE",
        ]
    return "\n".join(lines)


class People:
    """Rights as the office's page asks for them: see `serve/page.py`."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights

    def export(self, shop: str, customer: str) -> JsonObject:
        return self.rights.everything(shop, customer, by=OFFICE)

    def erase(self, shop: str, customer: str) -> JsonObject:
        done = self.rights.erase(shop, customer, by=OFFICE)
        zh, en = (text_of(done, self.rights.clocks, lang) for lang in ("zh", "en"))
        return {**whole(done), "text": {"zh": zh, "en": en}}


def whole(erasure: Erasure) -> JsonObject:
    """The certificate as JSON, for the person: the signed bundle, and the salt that shows that it is theirs."""
    found: JsonValue = json.loads(erasure.certificate) if erasure.certificate else None
    return {
        "done": erasure.done, "id": erasure.id, "shop": erasure.shop, "at": erasure.at.isoformat(timespec="seconds"),
        "keys": erasure.keys, "stores": [line_of(line) for line in erasure.held], "salt": erasure.salt, "bundle": found,
    }  # fmt: skip


STORES: Mapping[str, Text] = {
    "talks": Text("柜台对话", "conversations of the counter"),
    "sessions": Text("登录与链接", "sessions and links"),
    "shop": Text("店铺数据库", "shop's database"),
    "openings": Text("收据密封内容", "sealed contents of receipts"),
    "search": Text("搜索索引", "search index"),
    "memory": Text("对话记忆（运行中的服务）", "conversations remembered by the running service"),
    "consents": Text("同意账本", "consent ledger"),
    "register": Text("请求登记", "register of requests"),
    "log": Text("收据日志", "receipts' log"),
    "keys": Text("密钥文件", "file of keys"),
    "backups": Text("删除前的备份", "backups made before"),
}
KINDS: Mapping[str, Text] = {
    "customer": Text("顾客", "customer"), "order": Text("订单", "orders"), "line": Text("订单行", "order lines"),
    "shipment": Text("包裹", "parcels"), "event": Text("物流扫描", "scans of parcels"), "return": Text("退换货", "returns"),
    "invoice": Text("发票申请", "invoice requests"), "review": Text("评价", "reviews"),
    "conversation": Text("对话", "conversations"), "said": Text("消息", "messages"),
    "action": Text("代客改动", "changes made for them"), "personal": Text("个人字段", "personal fields"),
    "opening": Text("问与答", "questions and answers"), "consent": Text("同意记录", "records of consent"),
    "register": Text("登记", "entries"), "receipt": Text("收据", "receipts"), "key": Text("密钥", "keys"),
    "session": Text("本人打开的会话", "those that they opened"),
}  # fmt: skip
WOULD: Mapping[Then, Text] = {
    "erased": Text("会删除", "would be erased"),
    "unreadable": Text("会读不出：密钥会销毁", "could not be read: the keys would be gone"),
}
THENS: Mapping[Then, Text] = {
    "erased": Text("已删除", "erased"), "kept": Text("只留事实，不含个人字段", "facts stay, nothing personal in them"),
    "unreadable": Text("密钥已销毁，读不出", "cannot be read: the keys are gone"), "none": Text("没有", "none"),
}  # fmt: skip
