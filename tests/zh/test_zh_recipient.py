"""Name, phone and address out of one pasted block, in the forms that platforms copy and people type."""

from __future__ import annotations

import pytest

from mingbai.zh import recipient


@pytest.mark.parametrize(
    ("text", "name", "phone", "city", "detail"),
    [
        ("张三，13800138000，浙江省杭州市西湖区文三路 1 号", "张三", "13800138000", "杭州市", "文三路 1 号"),
        ("浙江省杭州市西湖区文三路1号 李四 13800138000", "李四", "13800138000", "杭州市", "文三路1号"),
        (
            "收货人: 张三\n手机号码: 13800138000\n所在地区: 浙江省 杭州市 西湖区\n详细地址: 文三路1号4幢501",
            "张三",
            "13800138000",
            "杭州市",
            "文三路1号4幢501",
        ),
        ("林** 183****2807 浙江省杭州市西湖区文三路1号", "林**", "183****2807", "杭州市", "文三路1号"),
        ("王女士收 北京市朝阳区建国路88号 010-63553377", "王女士", "010-63553377", "北京市", "建国路88号"),
        (
            "John Smith 13800138000 上海市徐汇区漕溪北路18号",
            "John Smith",
            "13800138000",
            "上海市",
            "漕溪北路18号",
        ),
        (
            "收件人欧阳娜娜，电话13212345774-1234，地址湖北省仙桃市沙嘴街道仙桃大道10号",
            "欧阳娜娜",
            "13212345774-1234",
            "仙桃市",
            "仙桃大道10号",
        ),
        (
            "陳大文，+852 9123 4567，香港九龍尖沙咀彌敦道100號",
            "陳大文",
            "+85291234567",
            "香港特别行政区",
            "九龍尖沙咀彌敦道100號",
        ),
    ],
)
def test_whole(text, name, phone, city, detail):
    read = recipient.read(text)
    assert (read.name, read.phone) == (name, phone)
    assert read.address is not None
    assert (read.address.city, read.address.detail) == (city, detail)
    assert read.whole
    assert name not in repr(read)


def test_what_is_not_said_stays_empty():
    read = recipient.read("改到朝阳区建国路88号，谢谢")
    assert (read.name, read.phone) == ("", "")
    assert len(read.addresses) == 2  # Beijing or Changchun
    assert read.address is None
    assert not read.whole
    assert recipient.read("你好").addresses == ()


def test_a_second_phone_is_kept():
    read = recipient.read("张三 13800138000 / 13900139000 浙江省杭州市西湖区文三路1号")
    assert (read.phone, read.more_phones) == ("13800138000", ("13900139000",))
