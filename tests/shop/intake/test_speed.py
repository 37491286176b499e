"""10,000 orders with 25,000 lines, two GBK files, into a database on disk: at most 20 seconds on two cores."""

from __future__ import annotations

import time

import intake_china as china
import intake_tables as tables
import pytest
from intake_home import SHOP, counts, take

from mingbai.shop.records.home import Records
from mingbai.values.records import Line, Order

ORDERS, LINES, SECONDS = 10_000, 25_000, 20.0


def big(orders: int, lines: int) -> dict[str, bytes]:
    def number(n: int) -> str:
        return f"19306798{n:011}"

    order_rows = [
        {
            "订单编号": f'="{number(n)}"', "买家会员名": f"tb茶友{n % 7000}", "买家应付货款": "268.00", "买家应付邮费": "0.00", "总金额": "268.00",
            "买家实际支付金额": f"{n % 900}.50", "订单状态": "交易成功", "买家留言": "请用礼盒，谢谢" if n % 9 == 0 else "null", "收货人姓名": "林**",
            "收货地址": "浙江省 杭州市 西湖区 龙井街道 ***(310012)", "联系手机": f"'186****{n % 10000:04}", "物流公司": "中通快递",
            "订单创建时间": f"2026-11-{n % 28 + 1:02} 10:{n % 60:02}:{n // 60 % 60:02}", "订单付款时间": f"2026-11-{n % 28 + 1:02} 11:{n % 60:02}:01",
            "宝贝标题": "天青釉手工茶壶 200ml", "宝贝种类": "1", "物流单号": f"No:7531{n:010}", "宝贝总数量": "2", "卖家服务费": "0元", "退款金额": "0元",
        }
        for n in range(orders)
    ]  # fmt: skip
    line_rows = [
        {
            "子订单编号": f'="{number(n + 50_000_000)}"', "主订单编号": f'="{number(n * orders // lines)}"', "标题": "白瓷盖碗，手工功夫茶具",
            "价格": "129.00", "购买数量": str(n % 3 + 1), "商家编码": f"GW-{n % 400}", "商品属性": "颜色分类：天青;容量：150ml", "订单状态": "交易成功",
            "买家实际支付金额": "129.00", "退款金额": "0",
        }
        for n in range(lines)
    ]  # fmt: skip
    return {
        "ExportOrderList.csv": tables.rows_of(china.TAOBAO_COLUMNS, order_rows).encode("gbk"),
        "ExportOrderDetailList.csv": tables.rows_of(china.TAOBAO_LINE_COLUMNS, line_rows).encode("gbk"),
    }


@pytest.mark.slow
def test_a_busy_shops_month(records: Records) -> None:
    data = big(ORDERS, LINES)
    began = time.monotonic()
    report = take(records, data)
    took = time.monotonic() - began
    assert counts(report) == (ORDERS + LINES, 0, 0, 0)
    assert (records.count(SHOP, Order), records.count(SHOP, Line)) == (ORDERS, LINES)
    print(f"{ORDERS:,} orders with {LINES:,} lines: {took:.1f} s")
    assert took <= SECONDS
    began = time.monotonic()
    assert counts(take(records, data)) == (0, 0, ORDERS + LINES, 0)
    assert time.monotonic() - began <= SECONDS
