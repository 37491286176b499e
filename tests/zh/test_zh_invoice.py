"""What a customer wants on an invoice: fields out of a sentence, what is missing, what looks wrong; nothing corrected."""

from __future__ import annotations

import pytest

from mingbai.zh import invoice

CODE = "91330100799655058B"
TITLE = "杭州明白茶业有限公司"


@pytest.mark.parametrize(
    ("text", "kind", "title", "code", "email"),
    [
        (f"开发票，抬头{TITLE}，税号 {CODE}，邮箱 a@b.com", "company", TITLE, CODE, "a@b.com"),
        (f"发票抬头：{TITLE} 税号：{CODE}", "company", TITLE, CODE, ""),
        (f"麻烦开给{TITLE}", "company", TITLE, "", ""),
        (f"{TITLE} {CODE} 开票", "company", TITLE, CODE, ""),
        ("帮我开个个人发票，抬头张三，发到 x@qq.com", "personal", "张三", "", "x@qq.com"),
        ("发票抬头写个人就行", "personal", "个人", "", ""),
        ("抬頭：香港明白有限公司", "company", "香港明白有限公司", "", ""),
        ("发票抬头 百度在线网络技术（北京）有限公司", "company", "百度在线网络技术（北京）有限公司", "", ""),
        ("invoice to Mingbai GmbH, VAT DE136695976 please", "company", "Mingbai GmbH", "DE136695976", ""),
        ("我要开公司发票", "company", "", "", ""),
        ("可以开发票吗", "", "", "", ""),
        ("发票抬头是什么", "", "", "", ""),
        ("抬头怎么填", "", "", "", ""),
        ("给订单 193067985817064712 开发票", "", "", "", ""),  # 18 digits of an order are no tax code
    ],
)
def test_read(text, kind, title, code, email):
    asked = invoice.read(text)
    assert asked is not None
    assert (asked.kind, asked.title, asked.tax_code, asked.email) == (kind, title, code, email)
    for name, start, end in asked.spans:
        if name in ("title", "email"):
            assert text[start:end] == getattr(asked, name)
    assert not title or title not in repr(asked)


def test_special_invoice_needs_everything():
    asked = invoice.read(
        f"开专票 公司名称：{TITLE} 税号{CODE} 地址：杭州市西湖区文三路1号 电话0571-87654321 开户行：招商银行杭州分行 账号：866180100210001"
    )
    assert asked.kind == "special"
    assert (asked.address, asked.phone, asked.bank, asked.account) == (
        "杭州市西湖区文三路1号",
        "0571-87654321",
        "招商银行杭州分行",
        "866180100210001",
    )
    assert asked.missing == ()
    assert invoice.read(f"专票，抬头{TITLE}").missing == ("tax_code", "address", "phone", "bank", "account")


@pytest.mark.parametrize("text", ["你好", "订单123已经付款", "你们公司在哪", ""])
def test_not_about_an_invoice(text):
    assert invoice.read(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f"发票抬头{TITLE} 税号91330100799655058C", "校验码"),
        (f"麻烦开票：{TITLE} 91330100799655O58B", "是否应为 0"),
        ("抬头 张三 税号 11010519491231002X", "身份证号"),
        (f"个人发票 税号{CODE}", "个人抬头不需要税号"),
        ("发票抬头：公司", "全称"),
        ("发票抬头：上海某某科技有限公司", "遮挡"),
        (f"发票抬头：{TITLE} 税号330100799655058", "旧税号"),
        (f"开发票抬头{TITLE}发到a@qq.con", "qq.com"),
    ],
)
def test_what_is_wrong_is_said(text, wrong):
    asked = invoice.read(text)
    assert any(wrong in it.zh for it in asked.problems)
    assert all(it.en for it in asked.problems)


def test_a_wrong_code_is_kept_as_it_was_typed():
    assert invoice.read(f"开票：{TITLE} 91330100799655O58B").tax_code == "91330100799655O58B"


@pytest.mark.parametrize(
    ("title", "company"),
    [
        (TITLE, True),
        ("张三", False),
        ("个人", False),
        ("Mingbai GmbH", True),
        ("杭州市第一中学", True),
        ("张记茶叶经营部", True),
        ("李公司", False),
    ],
)
def test_company_or_person(title, company):
    assert invoice.is_company(title) == company


@pytest.mark.parametrize(
    ("number", "fine"), [("866180100210001", True), ("6222021001112223336", True), ("12", False)]
)
def test_account(number, fine):
    assert (invoice.account_problem(number) is None) == fine
