"""Money as people type it, and 大写 by the People's Bank's rules (支付结算办法 附件一 正确填写票据和结算凭证的基本规定)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mingbai.values.errors import BadInput
from mingbai.values.money import Money
from mingbai.zh import amounts


def yuan(amount: str) -> Money:
    return Money.of(amount, "CNY")


@pytest.mark.parametrize(
    ("text", "said", "money"),
    [
        ("三块五", "三块五", "3.50 CNY"), ("两块五毛", "两块五毛", "2.50 CNY"), ("5毛", "5毛", "0.50 CNY"), ("三毛五", "三毛五", "0.35 CNY"),
        ("三块二毛五", "三块二毛五", "3.25 CNY"), ("5块8", "5块8", "5.80 CNY"), ("12块50", "12块50", "12.50 CNY"), ("两块半", "两块半", "2.50 CNY"),
        ("三块五一斤", "三块五", "3.50 CNY"),  # 五 belongs to the price, 一 to the 斤
        ("十块三个", "十块", "10.00 CNY"),  # three pieces for ten
        ("6元8毛5", "6元8毛5", "6.85 CNY"), ("20元5角", "20元5角", "20.50 CNY"), ("五毛钱", "五毛钱", "0.50 CNY"), ("一块钱", "一块钱", "1.00 CNY"),
        ("￥1,299.00", "￥1,299.00", "1299.00 CNY"), ("¥ 35", "¥ 35", "35.00 CNY"), ("RMB100", "RMB100", "100.00 CNY"), ("１２．８元", "１２．８元", "12.80 CNY"),
        ("1.5万元", "1.5万元", "15000.00 CNY"), ("1万5千块", "1万5千块", "15000.00 CNY"), ("三萬五千塊", "三萬五千塊", "35000.00 CNY"), ("3亿元", "3亿元", "300000000.00 CNY"),
        ("人民币壹仟肆佰零玖元伍角", "人民币壹仟肆佰零玖元伍角", "1409.50 CNY"), ("叁仟元整", "叁仟元整", "3000.00 CNY"),
        ("US$24.90", "US$24.90", "24.90 USD"), ("24.90 USD", "24.90 USD", "24.90 USD"), ("20刀", "20刀", "20.00 USD"), ("50 cents", "50 cents", "0.50 USD"),
        ("twenty dollars", "twenty dollars", "20.00 USD"), ("$1,234,567.89", "$1,234,567.89", "1234567.89 USD"),
        ("12.5欧", "12.5欧", "12.50 EUR"), ("€12,50", "€12,50", "12.50 EUR"), ("1.299,00 €", "1.299,00 €", "1299.00 EUR"), ("€1.299", "€1.299", "1299.00 EUR"),
        ("£5.99", "£5.99", "5.99 GBP"), ("1290円", "1290円", "1290 JPY"), ("HK$100", "HK$100", "100.00 HKD"), ("NT$1,200", "NT$1,200", "1200.00 TWD"),
        ("退我8块", "8块", "8.00 CNY"), ("8块可以吗", "8块", "8.00 CNY"), ("便宜五块行吗", "五块", "5.00 CNY"), ("我出99元/斤", "99元", "99.00 CNY"),
        ("340元一间", "340元", "340.00 CNY"), ("将近六百块一晚", "六百块", None), ("HKD550元/晚", "HKD550元", "550.00 HKD"),
        ("3，500元", "500元", "500.00 CNY"),  # a list; 3,500元 is one number
        ("3,500元", "3,500元", "3500.00 CNY"),
    ],
)  # fmt: skip
def test_one_amount(text, said, money):
    [found] = amounts.find(text)
    assert (found.said, str(found.money)) == (said, str(money))


@pytest.mark.parametrize(
    ("text", "said", "low", "high", "about"),
    [
        ("二三百块", "二三百块", "200", "300", False),
        ("500-800元", "500-800元", "500", "800", False),
        ("500元到800元", "500元到800元", "500", "800", False),
        ("五百到八百块", "五百到八百块", "500", "800", False),
        ("3到5百块", "3到5百块", "300", "500", False),  # 百 is shared
        ("１～２万元", "１～２万元", "10000", "20000", False),
        ("预算2000-3000", "2000-3000", "2000", "3000", False),
        ("100来块", "100来块", "90", "110", True),
        ("三百左右的，预算三百左右", "三百", "300", "300", True),
        ("几十块", "几十块", "20", "99", False),
        ("一百多块", "一百多块", "100", "199.99", False),
        ("三块多", "三块多", "3", "3.99", False),
    ],
)
def test_a_range(text, said, low, high, about):
    [found] = amounts.find(text)
    assert (found.said, found.low, found.high, found.about) == (said, yuan(low), yuan(high), about)
    assert found.money is None


def test_a_range_in_dollars():
    for text in ("$20-30", "$20 to $30", "between 20 and 30 dollars"):
        [found] = amounts.find(text)
        assert (found.low, found.high) == (Money(2000, "USD"), Money(3000, "USD"))


@pytest.mark.parametrize(
    "text",
    [
        "128",  # a number alone is no amount
        "买两块香皂", "三块茶饼", "我们一块去", "一块儿发", "第三块", "这两块",  # pieces, and together
        "三单元", "元旦快乐", "5元旦", "八角50克", "三角形", "五角星", "39欧码", "3毛线团", "羊毛", "分三次", "5分好评",
        "0.125元",  # CNY has no such coin
        "几块", "多少钱", "一块很经典的表", "放在一块", "大三元酒家", "三元牛奶", "1,29,9元",
    ],
)  # fmt: skip
def test_no_amount(text):
    assert [it for it in amounts.find(text) if it.money] == []


def test_bounds_and_bare_numbers_of_a_search():
    [found] = amounts.find("不超过三百元的茶壶")
    assert (found.said, found.bound) == ("三百元", "at_most")
    [found] = amounts.find("500块以内")
    assert (found.low, found.bound) == (yuan("500"), "at_most")
    [found] = amounts.find("￥99起")
    assert found.bound == "at_least"
    assert amounts.find("100以内的茶壶") == []
    [found] = amounts.find("100以内的茶壶", bare=True)
    assert (found.low, found.bound, found.currency_said) == (yuan("100"), "at_most", False)
    assert amounts.find("3天以内", bare=True) == []
    [found] = amounts.find("teapot under 30", currency="USD", bare=True)
    assert (found.low, found.bound) == (Money(3000, "USD"), "at_most")


def test_full_three_hundred_less_fifty():
    full, off = amounts.find("满300减50")
    assert (full.low, full.bound, off.low) == (yuan("300"), "at_least", yuan("50"))


def test_the_shops_currency_decides_what_a_shared_name_means():
    assert amounts.find("$5", currency="AUD")[0].low == Money(500, "AUD")
    assert amounts.find("¥500", currency="JPY")[0].low == Money(500, "JPY")
    assert amounts.find("100元", currency="TWD")[0].low == Money(10000, "TWD")
    assert amounts.find("100元", currency="EUR")[0].low == yuan("100")
    assert not amounts.find("$5")[0].currency_said
    assert amounts.find("5 EUR")[0].currency_said


def test_all_amounts_of_a_sentence():
    found = amounts.find("运费１２元，商品99.9元，共111.9元，退了US$3")
    assert [(it.said, str(it.low)) for it in found] == [
        ("１２元", "12.00 CNY"),
        ("99.9元", "99.90 CNY"),
        ("111.9元", "111.90 CNY"),
        ("US$3", "3.00 USD"),
    ]


@pytest.mark.parametrize(
    ("amount", "forms"),
    [
        # The examples of the rules themselves.
        ("1409.50", ("人民币壹仟肆佰零玖元伍角", "人民币壹仟肆佰零玖元伍角整")),
        ("6007.14", ("人民币陆仟零柒元壹角肆分",)),
        ("1680.32", ("人民币壹仟陆佰捌拾元零叁角贰分", "人民币壹仟陆佰捌拾元叁角贰分")),
        ("107000.53", ("人民币壹拾万柒仟元零伍角叁分", "人民币壹拾万零柒仟元伍角叁分")),
        ("16409.02", ("人民币壹万陆仟肆佰零玖元零贰分",)),
        ("325.04", ("人民币叁佰贰拾伍元零肆分",)),
        # And what they mean elsewhere.
        ("0", ("人民币零元整",)),
        ("0.05", ("人民币伍分",)),
        ("0.50", ("人民币伍角", "人民币伍角整")),
        ("20", ("人民币贰拾元整",)),
        ("107000", ("人民币壹拾万柒仟元整", "人民币壹拾万零柒仟元整")),
        ("100001000", ("人民币壹亿零壹仟元整",)),
        ("-3.20", ("人民币负叁元贰角", "人民币负叁元贰角整")),
    ],
)
def test_in_words(amount, forms):
    assert amounts.accepted_forms(yuan(amount)) == forms
    assert amounts.in_words(yuan(amount)) == forms[0]
    assert all(amounts.accepts(form, yuan(amount)) for form in forms)


def test_words_accepted_or_not():
    assert amounts.accepts("壹仟圆正", yuan("1000"))
    assert not amounts.accepts("壹仟元", yuan("1000"))  # 整 is missing
    assert not amounts.accepts("壹元贰分", yuan("1.02"))  # 零 is missing
    assert not amounts.accepts("壹仟元壹分整", yuan("1000.01"))  # 分 takes no 整


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("人民币壹拾万零柒仟元伍角叁分", "107000.53"), ("壹拾万柒仟元伍角叁分", "107000.53"), ("人民幣貳佰圓整", "200"), ("兩萬伍仟圓正", "25000"),
        ("廿元", "20"), ("卅五元", "35"), ("一万二元", "12000"), ("三块五毛", "3.5"), ("零元整", "0"), ("伍分", "0.05"), ("负叁元整", "-3"),
        ("壹佰元零角零分", "100"), ("壹億零壹萬元整", "100010000"), ("叁千零五元", "3005"), ("人民币（大写）：叁仟元整", "3000"),
    ],
)  # fmt: skip
def test_from_words(words, amount):
    assert amounts.from_words(words) == yuan(amount)


@pytest.mark.parametrize(
    "words", ["", "元", "整", "壹佰", "壹万贰元", "壹佰百元", "12元", "壹元整整", "abc", "元" * 65536]
)
def test_no_words(words):
    """壹万贰元 is 10,002 without its 零 or 12,000 as people say it: nobody can know."""
    assert amounts.from_words(words) is None


def test_words_are_for_yuan_only():
    with pytest.raises(BadInput, match="USD"):
        amounts.in_words(Money(100, "USD"))
    with pytest.raises(BadInput, match="一亿亿"):
        amounts.in_words(Money(10**18, "CNY"))


@given(st.integers(-(10**13), 10**13))
@example(10**13)
def test_every_amount_comes_back_from_its_words(fen):
    money = Money(fen, "CNY")
    for form in amounts.accepted_forms(money):
        assert amounts.from_words(form) == money
        assert amounts.accepts(form, money)


@given(st.integers(0, 10**5), st.integers(0, 8))
def test_round_amounts_too(fen, zeros):
    money = Money(fen * 10**zeros, "CNY")
    for form in amounts.accepted_forms(money):
        assert amounts.from_words(form) == money


@given(st.integers(1, 10**11), st.sampled_from(["{}元", "¥{}", "CNY {}", "{} RMB"]))
def test_digits_are_read_to_the_fen(fen, shape):
    money = Money(fen, "CNY")
    [found] = amounts.find(shape.format(f"{money.major:,.2f}"))
    assert found.money == money


@given(
    st.text(
        st.one_of(
            st.characters(), st.sampled_from("一二三百万两半多来块元毛角分钱到至-~ 0123456789.,¥$€USDk，")
        )
    )
)
def test_any_text(text):
    for bare in (False, True):
        for it in amounts.find(text, bare=bare):
            assert it.said == text[it.start : it.end]
            assert it.low.minor <= it.high.minor
    amounts.from_words(text)
