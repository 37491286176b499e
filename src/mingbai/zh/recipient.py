"""Who a parcel is for: name, phone and address out of one pasted block, as platforms copy it and customers type it.

「张三，13800138000，浙江省杭州市西湖区文三路 1 号」, the labelled lines of Taobao and Pinduoduo, or the words in any order. A
name is what is left when phone, address and labels are taken out, and only where it is as short as a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mingbai.zh import address_text, phones
from mingbai.zh.address import Address, parse
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import normalise

_NAME_LABEL = re.compile(
    r"(?:收货人|收件人|收貨人|姓名|联系人|名字|收方|name|recipient)(?:姓名)?[:： ]*(?:是|叫|为)? ?(?P<name>[^\s,，。;；:：、/|0-9]{1,30}(?: [A-Z][a-z]+){0,3})",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"(?:收货人|收件人|姓名|联系人|联系方式|联系电话|手机号码?|手机|电话号码?|电话|所在地区|所在地址|地区|详细地址|收货地址|收件地址|地址|街道|邮编|邮政编码|改成|改为|改到|新地址|寄给|寄到)(?:是|为)?[:： ]*"
)
# What a name can be: masked ones (林**) and titles (王女士) too.
_NAME = re.compile(
    r"(?P<name>[一-龥·]{2,4}?(?:先生|女士|小姐|老师)?|[一-龥][*某xX]{1,3}[一-龥]?|[一-龥](?:先生|女士|小姐|老师|总|姐|哥)|[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,3})(?:收|\(收\)|（收）)?"
)
_NO_NAMES = "你好 您好 谢谢 麻烦 地址 电话 手机 快递 顺丰 中通 圆通 韵达 发货 尽快 包邮 修改 新的 默认 请改 好的 可以 收货 帮我 改地址"
_NOT_NAMES = frozenset(_NO_NAMES.split())


@dataclass(frozen=True, slots=True)
class Recipient:
    """Empty where the block does not say; more than one reading of the address: ask which."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    addresses: tuple[Address, ...] = field(default=(), repr=False)
    more_phones: tuple[str, ...] = field(default=(), repr=False)

    @property
    def address(self) -> Address | None:
        return self.addresses[0] if len(self.addresses) == 1 else None

    @property
    def whole(self) -> bool:
        return bool(self.name and self.phone and self.address is not None and self.address.deliverable)


def read(text: str) -> Recipient:
    """Of the first 600 characters; a label's block is shorter."""
    text = text[:600]
    numbers = phones.find(text)
    left = text
    for number in reversed(numbers):
        left = left[: number.start] + "\n" + left[number.end :]
    left, addresses = _address(left)
    name = _name(left)
    values = tuple(dict.fromkeys(it.value for it in numbers))
    return Recipient(name, values[0] if values else "", addresses, values[1:])


def _address(text: str) -> tuple[str, tuple[Address, ...]]:
    """The text without its address, and the readings of it. Platforms split it over two labelled lines."""
    split = re.search(
        r"(?:所在地区|地区)[:： ]*(?P<area>[^\n]{2,60})\n(?:[^\n]{0,20}\n)?(?:详细地址|街道|地址)[:： ]*(?P<detail>[^\n]{2,120})",
        text,
    )
    if split:
        left = text[: split.start()] + "\n" + text[split.end() :]
        return left, parse(f"{split['area'].strip()} {split['detail'].strip()}")
    found = address_text.find(text)
    if not found:
        return text, ()
    longest = max(found, key=lambda it: (it.confidence, it.end - it.start))
    return text[: longest.start] + "\n" + text[longest.end :], longest.readings


def _name(text: str) -> str:
    shown = normalise(text)
    if labelled := _NAME_LABEL.search(shown.text):
        return _said(shown, labelled).strip()
    plain = _LABELS.sub(lambda hit: "\n" * len(hit[0]), shown.text)
    for piece in re.finditer(r"[^\s,，。;；:：、/|()]+(?: [A-Z][a-z]+){0,3}", plain):
        hit = _NAME.fullmatch(piece[0])
        if hit and hit["name"] not in _NOT_NAMES:
            return shown.said(piece.start(), piece.start() + hit.end("name"))
    return ""


def _said(shown: Mapped, hit: re.Match[str]) -> str:
    return shown.said(*hit.span("name"))
