"""What a customer asks for on an invoice: 抬头, 税号, 邮箱 out of a sentence, what is missing and what looks wrong.

The title is cut out as it was typed; nothing is completed or corrected. Rules: 国家税务总局公告 2017 年第 16 号 (a company's
invoice needs its taxpayer number, a person's does not); a 专用发票 by 增值税专用发票使用规定 also names address, phone, bank
and account. Whether the title and the code belong together is known only to the tax office.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from mingbai.values.errors import Text
from mingbai.zh import bank_card, mail, phones, resident_id, tax_codes
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

Kind = Literal["personal", "company", "special", ""]

_COMPANY_END = (
    r"(?:有限责任公司|股份有限公司|有限公司|分公司|集团公司|公司|集團|集团|工作室|事务所|合作社|合伙企业|合夥|有限合伙|[经經]营部|商行|商贸行|门市部|营业部|服务部|"
    r"工厂|[^车]厂|研究院|研究所|设计院|学校|大学|学院|中学|小学|幼儿园|医院|诊所|银行|支行|中心|协会|学会|基金会|委员会|管理局|[^邮]局|政府|俱乐部|超市|酒店|饭店|餐厅|(?<=[一-龥]{3})店)"
)
_COMPANY = re.compile(
    rf"[一-龥A-Za-z0-9()&·.]{{2,40}}?{_COMPANY_END}(?:[一-龥]{{2,12}}(?:分公司|支行|分行|营业部))?(?:\([一-龥]{{2,8}}\))?"
    r"|[A-Z][A-Za-z0-9&.,' -]{1,50}? ?(?:GmbH(?: & Co\. KG)?|UG|AG|KG|Ltd\.?|Limited|LLC|Inc\.?|Corp\.?|S\.A\.|SARL|B\.V\.|Co\., ?Ltd\.?)(?![A-Za-z])"
)
_COMPANY_ENDING = re.compile(
    rf"{_COMPANY_END}(?:[一-龥]{{2,12}}(?:分公司|支行|分行|营业部))?(?:\([一-龥]{{2,8}}\))?"
    r"|(?<=[A-Za-z.,] )(?:GmbH(?: & Co\. KG)?|UG|AG|KG|Ltd\.?|Limited|LLC|Inc\.?|Corp\.?|SARL|B\.V\.)(?![A-Za-z])"
)
_COMPANY_BEFORE = re.compile(r"[A-Z][A-Za-z0-9&.,' -]{1,38}$|[一-龥A-Za-z0-9()&·.]{2,40}$")
_COMPANY_ONLY = re.compile(rf"(?:{_COMPANY.pattern})$")
_TITLE_CUE = re.compile(
    r"(?:发票|發票|开票|開票)?(?:抬头|抬頭|台头|名称|名稱|单位名称|公司名称|公司名|购方名称|购买方|(?i:invoice title|company name|billed? to|title))"
    r"(?:名称)?(?:请|麻烦)?(?:写|寫|开|開|填|用|就|改)?(?:是|为|為|成|给|:)* ?"
)
_TITLE_END = re.compile(
    r"[,，。;；!！?？\n、|]|\s+(?=[^A-Za-z&]|(?i:vat|tax|e-?mail|invoice))|税号|稅號|纳税人|納稅人|统一社会|信用代码|邮箱|郵箱|电子邮|(?i:e-?mail)|发到|發到|发送|寄到|电话|地址|开户|谢谢|金额|吗|吧|哈"
)
_LEAD = re.compile(
    r"^(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|给我|給我|我们|我們|我司|我要|我|要|需要|想|能|可以|补|補|重|换|换成|改|改成|改为|开票|開票|开|開|发票|發票|一张|一張|张|張|个|個|普票|专票|專票|电子|纸质|普通|专用|增值税|企业|单位|抬头|抬頭|是|为|為|给|給|成|到|的|写|名字|叫|就是|用|公司的?(?=[一-龥]{4})|订单|和|与|:| )+"
)
_NO_TITLE = re.compile("不对|错了?|怎么|什么|能|可以|要|需要|和|有问题|没|是$|呢$")  # 抬头怎么填
_SPECIAL = re.compile(r"专票|專票|专用发票|專用發票|增值税专|可抵扣|(?i:special vat)")
_PERSONAL = re.compile(r"个人(?!信息|中心)|個人|(?i:personal|private person)")
_ASKED = re.compile(r"开给|開給|发票|發票|开票|開票|普票|专票|專票|抬头|抬頭|(?i:invoice)")
_BANK = re.compile(
    r"(?:开户行|开户银行|開戶行|开户)(?:名称|及账号)?[:： ]*(?P<bank>[一-龥]{2,30}?(?:银行|信用社)[一-龥]{0,20}(?:支行|分行|营业部|分理处)?)"
)
_ACCOUNT = re.compile(r"(?:账号|帐号|賬號|账户|银行账)[号户]?[:： ]*(?P<no>\d[\d -]{6,28}\d)")
_ADDRESS = re.compile(
    r"(?:注册地址|公司地址|单位地址|地址(?:电话|及电话|、电话)?)[:： ]*(?P<address>[^,，。;；\n]{4,60}?)(?= ?(?:电话|开户|账号|[,，。;；\n]|0\d{2,3}-|1[3-9]\d{9}|$))"
)

# What the fields are called where one is missing.
FIELDS = {
    "title": Text("发票抬头", "the title"),
    "tax_code": Text("税号（统一社会信用代码）", "the tax number"),
    "email": Text("接收电子发票的邮箱", "an e-mail address for the electronic invoice"),
    "address": Text("注册地址", "the registered address"),
    "phone": Text("注册电话", "the registered phone"),
    "bank": Text("开户银行", "the bank"),
    "account": Text("银行账号", "the bank account"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """`spans` says where in the text each field stood. `problems` are for the customer to confirm or mend."""

    kind: Kind
    title: str = field(default="", repr=False)
    tax_code: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    bank: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    spans: tuple[tuple[str, int, int], ...] = ()
    problems: tuple[Text, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of fields that this kind of invoice still needs, see FIELDS."""
        needed = {"personal": ("title",), "company": ("title", "tax_code"), "": ("title",)}.get(
            self.kind, ("title", "tax_code", "address", "phone", "bank", "account")
        )
        return tuple(name for name in needed if not getattr(self, name))


def is_company(title: str) -> bool:
    """Whether a title is an organisation's by its ending; a person's name and 个人 are not."""
    return bool(_COMPANY_ONLY.match(narrow(title).text.strip()))


def title_problem(title: str) -> Text | None:
    said = narrow(title).text.strip()
    if not said:
        return Text("没有发票抬头。", "There is no title.")
    if len(said) > 100:
        return Text(
            "抬头超过 100 个字，开票系统不收。",
            "The title is over the 100 characters that tax software takes.",
        )
    if re.fullmatch(rf"(?:{_COMPANY_END}|我们公司|我公司|本公司)", said):
        return Text(
            "抬头只有公司的通称，请给全称。",
            "The title is only the word for a company: its full name is needed.",
        )
    if re.search(r"\*|x{2,}|某", said):
        return Text("抬头里有遮挡的字，请给全称。", "Part of the title is masked: its full name is needed.")
    if re.fullmatch("[0-9A-Za-z]{15,20}", said):
        return Text("抬头写成了一串号码，请确认是不是税号。", "The title is a number: is it the tax number?")
    return None


def read(text: str) -> Asked | None:
    """What the sentence asks for, None where it speaks of no invoice and holds no title or tax number."""
    shown = narrow(text)
    asked = bool(_ASKED.search(shown.text))
    codes = tax_codes.find_in(shown, expected=asked)
    if not asked and not codes:
        return None
    spans: list[tuple[str, int, int]] = []
    problems: list[Text] = []

    title = _title(shown)
    said_title = text[title[0] : title[1]] if title else ""
    if title:
        spans.append(("title", *title))
        if wrong := title_problem(said_title):
            problems.append(wrong)
    code = max(codes, key=lambda it: it.confidence, default=None)
    if code is not None:
        spans.append(("tax_code", code.start, code.end))
        problems += _code_problems(code)
    mails = mail.find_in(shown)
    if mails:
        spans.append(("email", mails[0].start, mails[0].end))
        if mails[0].problem:
            problems.append(mails[0].problem)
    more = _special_fields(shown, code)
    spans += [(name, start, end) for name, (start, end, _) in more.items()]

    kind = _kind(shown.text, said_title, code)
    if kind == "personal" and code is not None:
        problems.append(
            Text(
                "个人抬头不需要税号，请确认开个人还是公司。",
                "A personal invoice needs no tax number: personal or company?",
            )
        )
    values = {name: value for name, (_, _, value) in more.items()}
    return Asked(
        kind,
        said_title,
        code.value if code else "",
        mails[0].value if mails else "",
        **values,
        spans=tuple(sorted(spans, key=lambda it: it[1])),
        problems=tuple(problems),
    )


def _kind(text: str, title: str, code: Found | None) -> Kind:
    if _SPECIAL.search(text):
        return "special"
    if title and (is_company(title) or title.endswith("公司")):
        return "company"
    if _PERSONAL.search(text):
        return "personal"
    if title and code is not None and resident_id.problem(code.value) is None:
        return "personal"
    if code is not None or re.search(r"(?:公司|企业|单位)(?:抬头|发票|开票)", text):
        return "company"
    return "personal" if title else ""


def _code_problems(code: Found) -> list[Text]:
    problems = [code.problem] if code.problem else []
    if code.kind == "uscc" and resident_id.problem(code.value) is None:
        problems = [
            Text(
                "这是身份证号的样式，不是公司税号，请确认。",
                "This looks like a resident's identity number, not a company's code.",
            )
        ]
    if code.kind == "tax_code_old15":
        problems.append(
            Text(
                "15 位是旧税号，现在应为 18 位统一社会信用代码。",
                "15 characters is the old number; today it is the unified code of 18.",
            )
        )
    return problems


def _title(shown: Mapped) -> tuple[int, int] | None:
    """The title's span in the text as given: after a word that announces one, else a company's name."""
    text = shown.text
    for cue in _TITLE_CUE.finditer(text):
        start = cue.end()
        end = _TITLE_END.search(text, start, start + 110)
        stop = end.start() if end else min(len(text), start + 110)
        company = _COMPANY.match(text, start, stop)
        if company and company.end() < stop and not re.match(r"[一-龥(]", text[company.end()]):
            stop = company.end()
        if text.startswith(("个人", "個人"), start):
            return shown.back(start, start + 2)
        said = text[start:stop]
        lead = re.match(r"(?:请|就|写|开|填|用|给|是|为|:| )+", said)
        start += lead.end() if lead else 0
        stop -= len(text[start:stop]) - len(text[start:stop].rstrip(" .的"))
        if start < stop and not _NO_TITLE.match(text[start:stop]):
            return shown.back(start, stop)
    for ending in _COMPANY_ENDING.finditer(text):
        before = _COMPANY_BEFORE.search(text, max(0, ending.start() - 40), ending.start())
        if before is None:
            continue
        start = before.start() + (lead.end() if (lead := _LEAD.match(before[0])) else 0)
        if ending.end() - start >= 4 and not re.match(
            "快递|物流|贵|你们|(?:我们?|本)?公司$", text[start : ending.end()]
        ):
            return shown.back(start, ending.end())
    if _PERSONAL.search(text) and _ASKED.search(text) and (hit := re.search("个人|個人", text)):
        return shown.back(*hit.span())
    return None


def _special_fields(shown: Mapped, code: Found | None) -> dict[str, tuple[int, int, str]]:
    out: dict[str, tuple[int, int, str]] = {}
    text = shown.text
    if hit := _BANK.search(text):
        out["bank"] = (*shown.back(*hit.span("bank")), hit["bank"])
    if hit := _ACCOUNT.search(text):
        out["account"] = (*shown.back(*hit.span("no")), re.sub("[ -]", "", hit["no"]))
    if hit := _ADDRESS.search(text):
        out["address"] = (*shown.back(*hit.span("address")), hit["address"].strip())
    taken = [it[:2] for it in out.values()] + ([(code.start, code.end)] if code else [])
    for phone in phones.find_in(shown):
        if all(phone.end <= start or phone.start >= end for start, end in taken):
            out["phone"] = (phone.start, phone.end, phone.value)
            break
    return out


def account_problem(number: str) -> Text | None:
    """A company's account has no common check; a personal card in its place is told by its own."""
    digits = re.sub("[ -]", "", narrow(number).text)
    if not re.fullmatch(r"\d{8,30}", digits):
        return Text("银行账号应是 8 至 30 位数字。", "A bank account has 8 to 30 digits.")
    if bank_card.problem(digits) is None and bank_card.scheme(digits) == "unionpay":
        return Text(
            "这是个人银行卡号的样式，请确认是对公账号。",
            "This looks like a personal card: is it the company's account?",
        )
    return None
