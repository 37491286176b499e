"""Dates said by customers, on Wednesday 25 November 2026 (腊月 is far, 双11 two weeks past)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.values.errors import BadInput
from mingbai.zh import campaigns, dates
from mingbai.zh.lunar import Lunar, to_common

TODAY = date(2026, 11, 25)


def span(text: str, **more: object) -> str:
    """`first` or `first~last`, `before` or `after`, and the time, of the only date in the text; `-` for none."""
    found = dates.find(text, **{"today": TODAY, **more})
    if not found:
        return "-"
    [it] = found
    said = f"{it.first:%y-%m-%d}" + (f"~{it.last:%y-%m-%d}" if it.last != it.first else "")
    said += f" {it.side}" if it.side != "on" else ""
    said += f" {it.time:%H:%M}" if it.time else ""
    return said + (f"-{it.until:%H:%M}" if it.until else "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # Days
        ("今天", "26-11-25"), ("明天能发货吗", "26-11-26"), ("后天", "26-11-27"), ("大后天", "26-11-28"), ("大大后天", "26-11-29"),
        ("昨天", "26-11-24"), ("前天", "26-11-23"), ("大前天买的", "26-11-22"), ("今日", "26-11-25"), ("後天", "26-11-27"),
        # Weeks begin on Monday
        ("上周三买的", "26-11-18"), ("下下周一", "26-12-07"), ("这周末", "26-11-28~26-11-29"), ("本周五", "26-11-27"), ("周日", "26-11-29"),
        ("周三", "26-11-25"), ("周一能到吗", "26-11-30"), ("周一买的", "26-11-23"), ("上个礼拜天", "26-11-22"), ("星期3", "26-11-25"), ("周末", "26-11-28~26-11-29"),
        ("上周", "26-11-16~26-11-22"), ("下周", "26-11-30~26-12-06"), ("上上周", "26-11-09~26-11-15"), ("周一到周三", "26-11-30~26-12-02"),
        # Months and years
        ("上个月15号", "26-10-15"), ("下个月", "26-12-01~26-12-31"), ("月底", "26-11-26~26-11-30"), ("月初", "26-12-01~26-12-05"), ("上月底", "26-10-27~26-10-31"),
        ("本月中旬", "26-11-11~26-11-20"), ("11月底", "26-11-26~26-11-30"), ("去年3月", "25-03-01~25-03-31"), ("12月", "26-12-01~26-12-31"),
        ("今年", "26-01-01~26-12-31"), ("明年年底", "27-12-01~27-12-31"), ("第三季度", "26-07-01~26-09-30"), ("去年下半年", "25-07-01~25-12-31"),
        ("15号发货", "26-12-15"), ("15号买的", "26-11-15"), ("十一号", "26-11-11"), ("7-10号入住的", "26-11-07~26-11-10"),
        # Whole dates
        ("11月3号", "26-11-03"), ("2025年11月3日", "25-11-03"), ("25年11月3日", "25-11-03"), ("二〇二五年十一月三日", "25-11-03"), ("１１月３号", "26-11-03"),
        ("2025-11-03", "25-11-03"), ("2025/11/3 15:30", "25-11-03 15:30"), ("20251103", "25-11-03"), ("2025.11.3", "25-11-03"), ("11月3日（周二）", "26-11-03"),
        ("11月3号到11月5号", "26-11-03~26-11-05"), ("11月3-5号", "26-11-03~26-11-05"), ("11月3号到5号", "26-11-03~26-11-05"), ("去年双11", "25-11-11"), ("11月31号", "-"), ("2月29号", "28-02-29"),
        # Spans
        ("三天内发货", "26-11-25~26-11-28"), ("三天内下的单", "26-11-22~26-11-25"), ("三天前", "26-11-22"), ("3天后", "26-11-28"), ("两三天后", "26-11-27~26-11-28"),
        ("近半年的订单", "26-05-25~26-11-25"), ("最近三个月", "26-08-25~26-11-25"), ("过去30天", "26-10-26~26-11-25"), ("未来一周", "26-11-25~26-12-02"),
        ("再过两天", "26-11-27"), ("半年前", "26-05-25"), ("一个半月后", "27-01-09"), ("两年内", "26-11-25~28-11-25"), ("48小时内", "26-11-25~26-11-27"),
        ("5个工作日内", "26-11-25~26-12-02"), ("周五之前发货", "26-11-27 before"), ("截止11月3号", "26-11-03 before"), ("明天之后", "26-11-26 after"), ("从11月3号开始", "26-11-03 after"),
        # Times
        ("下午三点半", "26-11-25 15:30"), ("明天下午三点半", "26-11-26 15:30"), ("今晚8点", "26-11-25 20:00"), ("明早", "26-11-26 06:00-10:00"), ("前天晚上", "26-11-23 18:00-00:00"),
        ("晚上8点到10点", "26-11-25 20:00-22:00"), ("12点前", "26-11-25 before 12:00"), ("三点一刻", "26-11-25 03:15"), ("早上起来才看", "26-11-25 06:00-10:00"), ("中午12点", "26-11-25 12:00"), ("晚上12点", "26-11-25 00:00"),
        # Feasts, the lunar calendar, campaigns
        ("双11", "26-11-11"), ("双十一买的", "26-11-11"), ("双十二", "26-12-12"), ("618活动", "26-06-18"), ("黑五", "26-11-27"), ("38节", "27-03-08"),
        ("农历八月十五", "26-09-25"), ("八月十五", "26-09-25"), ("大年初三", "27-02-08"), ("除夕", "27-02-05"), ("正月十五", "27-02-20"), ("腊月二十三", "27-01-30"),
        ("闰六月初一", "25-07-25"), ("农历2025年八月十五", "25-10-06"), ("春节", "27-02-06"), ("元宵", "27-02-20"), ("端午", "26-06-19"), ("七夕", "26-08-19"),
        ("中秋节", "26-09-25"), ("重阳", "26-10-18"), ("腊八", "27-01-15"), ("清明", "27-04-05"), ("冬至", "26-12-22"), ("元旦", "27-01-01"), ("圣诞节", "26-12-25"),
        ("国庆", "26-10-01"), ("国庆假期", "26-10-01~26-10-07"), ("十一长假", "26-10-01~26-10-07"), ("2025年国庆期间", "25-10-01~25-10-08"), ("五一", "27-05-01"), ("母亲节", "27-05-09"),
        # English
        ("tomorrow", "26-11-26"), ("the day after tomorrow", "26-11-27"), ("the day before yesterday", "26-11-23"), ("last Friday", "26-11-20"), ("on Monday", "26-11-30"),
        ("this weekend", "26-11-28~26-11-29"), ("next week", "26-11-30~26-12-06"), ("last month", "26-10-01~26-10-31"), ("in 3 days", "26-11-28"), ("3 days ago", "26-11-22"),
        ("in two weeks", "26-12-09"), ("within 7 days", "26-11-25~26-12-02"), ("over the last 30 days", "26-10-26~26-11-25"), ("Nov 3", "26-11-03"), ("November 3rd, 2025", "25-11-03"),
        ("3 Nov 2025", "25-11-03"), ("May 2025", "25-05-01~25-05-31"), ("11/03/2025", "25-11-03"), ("03.11.2025", "25-11-03"), ("by Friday", "26-11-27 before"), ("Black Friday", "26-11-27"),
        ("tomorrow at 3:30 pm", "26-11-26 15:30"), ("at 3pm tomorrow", "26-11-26 15:00"), ("Chinese New Year", "27-02-06"), ("Christmas", "26-12-25"),
    ],
)  # fmt: skip
def test_meant(text, meant):
    assert span(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "以前天天买", "每周五", "一周一次", "四周三天", "便宜一点", "三点建议", "我要十一个", "3号楼", "第3号", "39号鞋", "12月龄", "三个月",
        "签收后7天内", "收到货后三天内", "7天无理由", "三天", "618元", "型号618", "520张", "11.11元", "八折", "1/2", "24/7", "50/50", "36/37码",
        "I may ask", "a sunny day", "in stock", "next to it", "版本1.2.3", "99/99", "2025-13-45", "13月3号", "二百一十一号楼", "年糕", "月饼",
        "向阳大街22号", "西四羊肉胡同15号", "近8号苑", "每天10点开始", "黑夜里", "169升级",  # from public reviews and addresses
    ],
)  # fmt: skip
def test_no_date(text):
    assert span(text) == "-"


def test_the_caller_may_say_which_way_an_open_date_leans():
    assert span("三天内", leaning="past") == "26-11-22~26-11-25"
    assert span("三天内", leaning="future") == "26-11-25~26-11-28"
    assert span("11月3号", leaning="future") == "27-11-03"
    assert span("中秋", leaning="future") == "27-09-15"
    assert span("12月1号", leaning="past") == "25-12-01"
    assert span("周五", leaning="past") == "26-11-20"


def test_what_may_be_read_two_ways_says_so():
    [english] = dates.find("delivered 3/11/2025", today=TODAY)
    assert (english.first, english.also) == (date(2025, 3, 11), ((date(2025, 11, 3),) * 2,))
    [european] = dates.find("delivered 3/11/2025", today=TODAY, order="dmy")
    assert (european.first, european.also) == (date(2025, 11, 3), ((date(2025, 3, 11),) * 2,))
    [chinese] = dates.find("3/11下的单", today=TODAY, order="dmy")
    assert chinese.first == date(2026, 3, 11)
    [sure] = dates.find("delivered 3/25/2025", today=TODAY)
    assert sure.also == ()
    [friday] = dates.find("next Friday", today=TODAY)
    assert (friday.first, friday.also) == (date(2026, 12, 4), ((date(2026, 11, 27),) * 2,))
    [moon] = dates.find("八月十五", today=TODAY)
    assert moon.also == ((date(2026, 8, 15),) * 2,)


def test_a_clock_serves_hours():
    now = datetime(2026, 11, 25, 23, 30, tzinfo=timezone(timedelta(hours=8)))
    [later] = dates.find("2小时后", today=now)
    assert (later.first, later.time, later.granularity) == (date(2026, 11, 26), time(1, 30), "hour")
    assert span("明天", today=now) == "26-11-26"


def test_all_dates_of_a_sentence_where_they_stand():
    text = "我１１月３号下的单，說好三天內發貨，到今天都沒發，雙11買的另一單呢"
    assert [(it.said, f"{it.first:%m-%d}") for it in dates.find(text, today=TODAY)] == [
        ("１１月３号", "11-03"),
        ("三天內", "11-25"),
        ("今天", "11-25"),
        ("雙11", "11-11"),
    ]


def test_campaigns_are_the_merchants_table():
    own = campaigns.parse('[[campaign]]\nname = "店庆"\nsaid = ["周年庆"]\non = "05-20"\nfrom = "05-10"\n')
    assert span("周年庆", campaigns=own) == "27-05-10~27-05-20"
    assert span("双11", campaigns=own) == "-"
    lunar = campaigns.parse('[[campaign]]\nname = "年货节"\non = "12-08"\nlunar = true\n')
    assert span("年货节", campaigns=lunar) == "27-01-15"
    assert span("双11") == "26-11-11"


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("[[campaign]]\nsaid = ['x']", "name is missing"),
        ('[[campaign]]\nname = "x"\non = "13-01"', "13-01"),
        ('[[campaign]]\nname = "x"\non = "11-11"\ncolour = 1', "unknown key colour"),
        ('[[campaign]]\nname = "x"\nrule = "full moon"', "black friday"),
        ("campaign = 1", "campaign"),
        ("[[campaign", "campaign"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_name(table, named):
    with pytest.raises(BadInput, match=named):
        campaigns.parse(table)


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.dates(date(1990, 1, 1), date(2080, 1, 1)))
def test_a_full_date_is_itself_on_every_day(today, day):
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.isoformat()}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        [found] = dates.find(text, today=today)
        assert (found.first, found.last, found.said) == (day, day, text)


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.sampled_from(["past", "future"]))
def test_an_open_date_leans(today, leaning):
    for text in ("11月3号", "中秋", "双11", "15号", "周五", "除夕", "黑五", "Nov 3"):
        [found] = dates.find(text, today=today, leaning=leaning)
        assert found.first <= today if leaning == "past" else found.last >= today
        assert abs((found.first - today).days) <= 400


@given(st.dates(date(1910, 1, 1), date(2090, 1, 1)))
def test_lunar_days_are_read(today):
    [found] = dates.find("农历八月十五", today=today, leaning="future")
    assert found.first in (to_common(Lunar(today.year, 8, 15)), to_common(Lunar(today.year + 1, 8, 15)))


@given(
    st.text(
        st.one_of(
            st.characters(),
            st.sampled_from("今明后天上下周星期月年日号初十一二三半内前点双农历年 0123456789/-:.TNovFriday"),
        )
    ),
    st.dates(),
)
def test_any_text_on_any_day(text, today):
    for it in dates.find(text, today=today):
        assert it.said == text[it.start : it.end]
        assert it.first <= it.last


@pytest.mark.parametrize("today", [date.min, date.max, datetime.max])
def test_the_ends_of_the_calendar_break_nothing(today):
    for text in (
        "黑五",
        "12月",
        "大后天",
        "近半年",
        "下下周一",
        "除夕",
        "2小时后",
        "99999天后",
        "last Friday",
        "next month",
        "清明",
    ):
        assert all(it.first <= it.last for it in dates.find(text, today=today))
