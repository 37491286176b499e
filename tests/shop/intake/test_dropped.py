"""What an import's report quotes is forgotten in time, and at once when asked; counts and lines stay."""

from __future__ import annotations

import time

import pytest

from mingbai.shop.intake.dropped import Dropped
from mingbai.shop.intake.whole import Asked
from mingbai.shop.records.home import Records
from mingbai.values.records import Origin, Shop, Sourced

REFUSED = '''订单编号,买家会员名,收货人姓名,收货地址,订单状态,买家实际支付金额,宝贝总数量,订单创建时间,宝贝标题
"=""2002""",小王,王五,浙江省杭州市西湖区龙井路2号,王五说改天付13800138000,68.00,1,2025-11-10 11:00:00,青花盖碗
"=""2003""",小王,王五,浙江省杭州市西湖区龙井路2号,买家已付款，等待卖家发货,不是钱,1,2025-11-10 11:00:00,青花盖碗
'''.encode()


def ended(dropped):
    drop = dropped.begin()
    path = dropped.place(drop.id)
    path.write_bytes(REFUSED)
    dropped.received(drop.id, "orders.csv", path, len(REFUSED))
    dropped.start(drop.id, Asked(currency="CNY"))
    until = time.monotonic() + 20
    while dropped.get(drop.id).state in ("receiving", "running") and time.monotonic() < until:
        time.sleep(0.02)
    return dropped.get(drop.id)


@pytest.fixture
def records(tmp_path):
    with Records.open(tmp_path / "shop.db") as found:
        found.take("tea", [Sourced(Shop("tea", "明白茶具"), Origin("a.csv", 1))])
        yield found


def words(drop):
    """What the report says of lines."""
    sheet = drop.report["sheets"][0]
    return [row["zh"] for name in ("refusals", "notes") for row in sheet[name]]


def test_a_report_is_wordless_once_it_is_forgotten(tmp_path, records):
    dropped = Dropped(tmp_path, records)
    told = ended(dropped)
    assert "这一格 不是能确定的金额。" in words(told)
    assert "金额" not in repr(told)
    assert dropped.forget() == 1
    after = dropped.get(told.id)
    assert len(words(after)) == len(words(told))
    assert set(words(after)) == {"原文已过保留时间，不再显示。"}
    assert after.seq == told.seq + 1  # who waits for news is told
    before, now = told.report["sheets"][0], after.report["sheets"][0]
    assert (now["rows"], now["lines"]) == (before["rows"], before["lines"])
    assert [row["line"] for row in now["refusals"]] == [row["line"] for row in before["refusals"]] == [3]
    dropped.close()


def test_it_forgets_by_itself(tmp_path, records):
    dropped = Dropped(tmp_path, records, report_seconds=0.05)
    told = ended(dropped)
    until = time.monotonic() + 10
    while "这一格 不是能确定的金额。" in words(dropped.get(told.id)) and time.monotonic() < until:
        time.sleep(0.02)
    assert set(words(dropped.get(told.id))) == {"原文已过保留时间，不再显示。"}
    dropped.close()
