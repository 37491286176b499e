"""How fast: bytes a second of one core on texts nobody wrote for it, and the worst time for 64 KB made to be slow."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingbai.permit.mask import Detector

HOSTILE_BYTES = 64 * 1024
# Each repeated to 64 KB. What once was quadratic in a prototype, and what meets many rules at once.
HOSTILE = (
    "支付宝" + " " * 400, "收货人" + " " * 400, "客户代表", "Phone is is is ", "护照no no ", "生日        1", "省市区县", "Abc Abc ", "王王王", "浙江省杭州市", "13800138000 ", "1380013800", "1-", "1 ", "a@", "a.b@c.", "路1号", "张伟先生", "我叫", "收货人：", "微信a", "⟦手机", "一三八", "京A",
    "12:", "1.1.1.1 ", "E12345678 ", "6222021234567890123 ", "订单1", "SF1234567890123 ", "\u200b", "１３８", "①", "生日1月1日", "my name is A B ", "Mr. Abc ", "11010519491231002X ", "12 Abc Street, ",
    "北京市朝阳区文三路1号，", "QQ1", "地址", "转1", "(近", "#1234 ", "A1B2C3D4E5F6G7H8I9 ", "谢", "[at]", "和平路", "，", "\n", " ", "½", "13800138000%20", "&#49;", "%31", "MTM4MDAxMzgwMDAg ", "%E5%BC%A0%FF", "支付宝1", "0571-8888 ", "你好，麻烦帮我看一下这个订单什么时候能发货。",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worst:
    milliseconds: float
    repeated: str


def megabytes_per_second(detector: Detector, texts: Sequence[str]) -> float:
    """Of UTF-8, by processor time."""
    size = sum(len(it.encode()) for it in texts)
    began = time.process_time()
    for text in texts:
        detector.spans(text)
    return size / (time.process_time() - began) / 1e6


def hostile(detector: Detector, progress: Callable[[int, int], None] | None = None) -> list[Worst]:
    """The slowest first; processor time of the better of two runs."""
    found = []
    texts = {piece: piece * (HOSTILE_BYTES // len(piece.encode())) for piece in HOSTILE}
    texts["base64, each run another"] = _packed_numbers()
    for at, (piece, text) in enumerate(texts.items()):
        times = []
        for _ in range(2):
            began = time.process_time()
            detector.spans(text)
            times.append(time.process_time() - began)
        found.append(Worst(min(times) * 1000, piece))
        if progress:
            progress(at + 1, len(texts))
    return sorted(found, key=lambda it: -it.milliseconds)


def _packed_numbers() -> str:
    """Telephones, none like another: what is read once where it is repeated is read every time here."""
    packed = [
        base64.b64encode(f"1{38 * 10**8 + at * 7919} ".encode()).decode() for at in range(HOSTILE_BYTES // 17)
    ]
    return " ".join(packed)
