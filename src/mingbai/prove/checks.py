"""Do the desk's checks stop what is false, and let through what is true? True sentences are made false one thing at a
time, each in every way listed here; what people wrote by hand as other words for the same facts must pass.

Cases are evidence as the example shop gives it, frozen, so that a figure means the same next month.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from mingbai.turn.basis import Basis
from mingbai.turn.check import checked
from mingbai.turn.said import Piece, read
from mingbai.values.json import JsonObject
from mingbai.values.turn import Evidence, Fact, Intent, Lang
from mingbai.zh.numerals import say
from mingbai.zh.script import traditionalise

Mutant = tuple[str, str]  # kind, sentence


@dataclass(frozen=True, slots=True)
class Case:
    """Facts as the desk had them, and true answers over them written by hand."""

    id: str
    lang: Lang
    facts: tuple[Fact, ...]
    true: tuple[str, ...]

    @property
    def basis(self) -> Basis:
        return Basis(self.lang, (Evidence(Intent.PRODUCT_INFO, self.facts),))

    @property
    def sentences(self) -> list[str]:
        return [f.en if self.lang == "en" else f.zh for f in self.facts]


@dataclass(slots=True)
class Report:
    """How many false ones of each kind passed, of how many; and the true ones that did not."""

    false: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    let_through: list[Mutant] = field(default_factory=list)
    facts: int = 0  # sentences of the facts themselves, which must all pass
    true: int = 0  # sentences by hand
    alarms: list[tuple[str, str, str]] = field(default_factory=list)  # check, found, sentence

    def lines(self) -> Iterator[str]:
        for kind, of in sorted(self.false.items()):
            yield f"{kind:<14} {self.passed[kind]:>5} / {of:<5} {self.passed[kind] / of:>7.2%}"
        total, through = self.false.total(), self.passed.total()
        yield f"{'假句放行 / false passed':<14} {through} / {total} {through / max(1, total):.2%}"
        yield f"{'真句误拦 / true stopped':<14} {len(self.alarms)} / {self.true} {len(self.alarms) / max(1, self.true):.2%}"
        yield f"{'另有事实原句 / facts in their own words':<14} {self.facts}"

    def as_json(self) -> JsonObject:
        kinds: JsonObject = {
            k: {"false": of, "passed": self.passed[k]} for k, of in sorted(self.false.items())
        }
        return {"kinds": kinds, "facts": self.facts, "true": self.true, "stopped": len(self.alarms)}


def cases() -> list[Case]:
    return [_case(json.loads(line)) for line in _file("facts.jsonl")]


def _file(name: str) -> list[str]:
    text = (files("mingbai.prove") / "check_cases" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip()]


def _case(row: dict[str, object]) -> Case:
    facts = row["facts"]
    assert isinstance(facts, list)
    made = tuple(Fact(f["name"], None, f["zh"], f["en"], about=f.get("about", "")) for f in facts)
    true = row.get("true", [])
    assert isinstance(true, list)
    return Case(str(row["id"]), row["lang"], made, tuple(true))  # type: ignore[arg-type]  # the file's own three words


def run(some: Sequence[Case]) -> Report:
    report = Report()
    for case in some:
        basis = case.basis
        for sentence in (*case.sentences, *case.true):
            if sentence in case.true:
                report.true += 1
            else:
                report.facts += 1
            failed = [v for v in checked(sentence, basis) if not v.passed]
            if failed:
                report.alarms.append((failed[0].check, failed[0].found, sentence))
        for kind, sentence in sorted(set(mutants(case))):
            report.false[kind] += 1
            if all(v.passed for v in checked(sentence, basis)):
                report.passed[kind] += 1
                report.let_through.append((kind, sentence))
    return report


def mutants(case: Case) -> Iterator[Mutant]:
    """False sentences of a case. One that happens to be said by another of its facts is left out."""
    told = "\n".join(case.sentences)
    for sentence in (*case.sentences, *case.true):
        for make in (*MAKERS, *(EN_MAKERS if case.lang == "en" else ZH_MAKERS)):
            for kind, made in make(sentence, case):
                if made != sentence and made not in told and made not in case.true:
                    yield kind, made


def _swapped(sentence: str, piece: Piece, said: str) -> str:
    return sentence[: piece.start] + said + sentence[piece.start + len(piece.said) :]


def _digits(sentence: str, case: Case) -> Iterator[Mutant]:
    """Each figure one off."""
    known = case.basis.figures
    for piece in read(sentence):
        numbers = list(re.finditer(r"\d+", piece.said))
        for at, number in enumerate(numbers):
            value = number[0]
            other = (
                str(int(value) + 1).zfill(len(value))
                if len(value) < 8
                else value[:-1] + str((int(value[-1]) + 3) % 10)
            )
            if piece.kind == "day" and int(other) > 28:
                other = str(int(value) - 1)
            said = piece.said[: number.start()] + other + piece.said[number.end() :]
            made = _swapped(sentence, piece, said)
            new = [p for p in read(made) if p.start == piece.start]
            if new and (piece.kind, new[0].value) in known:
                continue
            yield f"{piece.kind}{'-year' if piece.kind == 'day' and len(value) == 4 else ''}", made
            if at == 0 and piece.kind in ("day", "amount", "count"):
                yield "full-width", made.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        if piece.kind == "amount":
            for sign, other in (("¥", "$"), ("€", "¥"), ("$", "€"), ("元", "美元"), ("欧元", "元")):
                if sign in piece.said:
                    yield "currency", _swapped(sentence, piece, piece.said.replace(sign, other))
                    break
        if piece.kind == "code" and len(piece.said) > 5:
            yield "code", _swapped(sentence, piece, piece.said[:-1])


def _roles(sentence: str, case: Case) -> Iterator[Mutant]:
    """A figure of this fact replaced by one of the same kind from another fact."""
    own = read(sentence)
    for piece in own:
        if piece.kind not in ("day", "amount", "code", "count"):
            continue
        for other in case.sentences:
            if other == sentence or piece.said in other:
                continue
            for theirs in read(other):
                same = theirs.kind == piece.kind and theirs.value != piece.value
                unit = piece.kind != "count" or theirs.value.split(" ")[1:] == piece.value.split(" ")[1:]
                if same and unit and theirs.value not in {p.value for p in own}:
                    yield f"role-{piece.kind}", _swapped(sentence, piece, theirs.said)


ZH_STATES = (("待付款", "已付款", "已发货", "运输中", "派送中", "已签收", "已取消", "已完成", "已揽收"), ("已申请", "已同意", "已拒绝", "已退款", "已寄回"),
             ("有货", "缺货", "售罄"), ("已开出", "未开出"), ("还没有发货", "已经发货", "今天发货"), ("还在期限内", "已经过期"), ("部分发货", "全部发货"))  # fmt: skip
EN_STATES = (("unpaid", "paid", "dispatched", "on its way", "out for delivery", "delivered", "cancelled", "completed"),
             ("requested", "approved", "rejected", "refunded", "sent back"), ("in stock", "out of stock", "sold out"),
             ("still open", "expired", "over"), ("still covered", "no longer covered"), ("partly dispatched", "fully dispatched"))  # fmt: skip


def _states(sentence: str, case: Case) -> Iterator[Mutant]:
    english = case.lang == "en"
    told = " ".join(case.sentences)
    for family in EN_STATES if english else ZH_STATES:
        for word in family:
            if re.search(rf"\b{word}\b" if english else word, sentence):
                for other in family:
                    if other != word and other not in told:
                        made = sentence.replace(word, other)
                        yield "state", made
                        if not english:
                            yield "state-hant", traditionalise(made).text


def _zh_polarity(sentence: str, case: Case) -> Iterator[Mutant]:
    for no in ("不支持", "不可以", "不能", "没有", "还没有", "不是", "不收", "不退", "不受", "未", "无"):
        for match in re.finditer(no, sentence):
            yes = {"还没有": "已经", "没有": "有", "未": "已", "无": "有"}.get(no, no[1:])
            if (
                sentence[match.start() - 1 : match.start()] not in ("还", "七")
                and sentence[match.end() : match.end() + 2] != "理由"
            ):
                yield "un-negated", sentence[: match.start()] + yes + sentence[match.end() :]
    for yes in ("支持", "可以", "能", "有货", "属于", "还在期限内", "由您承担", "由我们承担"):
        for match in re.finditer(yes, sentence):
            if sentence[match.start() - 1 : match.start()] not in tuple("不没功可才就性"):
                no = {
                    "由您承担": "由我们承担",
                    "由我们承担": "由您承担",
                    "有货": "没有货",
                    "还在期限内": "已经不在期限内",
                }.get(yes, "不" + yes)
                if no not in " ".join(case.sentences):
                    yield "negated", sentence[: match.start()] + no + sentence[match.end() :]


def _en_polarity(sentence: str, case: Case) -> Iterator[Mutant]:
    for no, yes in ((" is not ", " is "), (" has not been ", " has been "), (" not ", " "), (" did not ", " did "), (" no ", " a "), ("No ", "A "), (": no.", ": yes.")):  # fmt: skip
        for match in re.finditer(no, sentence):
            yield "un-negated", sentence[: match.start()] + yes + sentence[match.end() :]
    for yes, no in ((" is ", " is not "), (" was ", " was not "), (": yes.", ": no."), (" can be ", " cannot be "), (" it has passed", " it has not passed"),
                    ("You bear", "We bear"), ("we pay", "you pay"), (" runs until ", " ended on ")):  # fmt: skip
        for match in re.finditer(yes, sentence):
            if sentence[match.end() : match.end() + 3] != "not" and re.search(r"[a-z]{4}", sentence):
                yield "negated", sentence[: match.start()] + no + sentence[match.end() :]


ZH_ADDED = {
    "promise": ("，保证准时送到", "，一定会到", "，放心绝对没问题", "，晚到赔您十元", "，额外送您一份小礼物", "，质量全网第一", "，有任何问题全额退款", "，我们承诺当天处理", "，会优先给您安排"),
    "numeral": ("，三天内到", "，打八折", "，给您五折", "，再便宜百分之二十", "，两三天就好", "，大概十几天", "，半个月内处理", "，半价", "，还剩两件", "，最快十五分钟", "，有三十个库存"),
    "relative": ("，明天就到", "，后天送达", "，下周五前处理好", "，今晚发出", "，周三会到", "，月底前到账", "，过几天就好", "，几小时内回复您", "，昨天已经处理", "，十三号到"),
    "place": ("，正从广州发出", "，包裹在成都", "，已到您楼下的驿站", "，由深圳仓发货", "，放在菜鸟驿站了"),
    "contact": ("，请加微信 mbkefu", "，请打电话 400-820-8820", "，详情见 mingbai.shop", "，请把验证码发给我", "，请转账到我的账户", "，加QQ群领红包"),
    "action": ("，已经帮您催促快递", "，已经为您取消", "，我已经帮您登记了", "，已为您升级为会员", "，已安排补发", "，已经通知仓库", "，给您发了优惠券"),
    "claim": ("，由李经理负责", "，采用德国进口材料", "，获得国家专利", "，明星同款", "，是手工银制的", "，适合孕妇使用", "，可以治疗失眠", "，因为天气原因", "，快递员电话稍后给您"),
}  # fmt: skip
EN_ADDED = {
    "promise": (", we guarantee it", ", it will definitely arrive on time", ", and we will compensate you", ", with a free gift", ", you will get a full refund", ", we will make it a priority", ", no questions asked"),
    "numeral": (", within three days", ", at twenty percent off", ", half price", ", in a fortnight", ", within a week", ", only two left", ", in a couple of days", ", about a dozen left", ", in thirty minutes", ", a hundred yuan off"),
    "relative": (", tomorrow", ", next Friday", ", by tonight", ", on Wednesday", ", by the end of the month", ", in a few days", ", within hours", ", yesterday", ", on the 13th", ", by Christmas"),
    "place": (", from Guangzhou", ", now in Berlin", ", at your local post office", ", with your neighbour", ", from our Shenzhen warehouse"),
    "contact": (", call 400-820-8820", ", message us on WhatsApp", ", see mingbai.shop", ", send me your verification code", ", add us on WeChat mbkefu"),
    "action": (", I have notified the warehouse", ", I have cancelled it for you", ", a replacement is on its way", ", I have upgraded your account", ", I have sent you a coupon", ", I reported it to the carrier"),
    "claim": (", handled by Mr Li", ", made of imported silver", ", patented", ", safe during pregnancy", ", because of bad weather", ", it cures insomnia", ", as used by celebrities"),
}  # fmt: skip


def _added(sentence: str, case: Case) -> Iterator[Mutant]:
    if sentence in case.true:
        return
    end = "." if case.lang == "en" else "。"
    at = case.sentences.index(sentence)  # one tail of each kind a fact, each in its turn
    for kind, tails in (EN_ADDED if case.lang == "en" else ZH_ADDED).items():
        for tail in (tails[at % len(tails)], tails[(at + len(case.id) + int(case.id[1:])) % len(tails)]):
            yield kind, sentence.rstrip("。.!！") + tail + end


def _zh_spelt(sentence: str, case: Case) -> Iterator[Mutant]:
    """A figure spelt in characters, one off."""
    for piece in read(sentence):
        match = re.search(r"\d+", piece.said)
        if match and piece.kind in ("day", "amount", "count") and len(match[0]) < 5:
            said = piece.said[: match.start()] + say(int(match[0]) + 1) + piece.said[match.end() :]
            yield f"spelt-{piece.kind}", _swapped(sentence, piece, said)


Maker = Callable[[str, Case], Iterator[Mutant]]
MAKERS: tuple[Maker, ...] = (_digits, _roles, _states, _added)
ZH_MAKERS: tuple[Maker, ...] = (_zh_polarity, _zh_spelt)
EN_MAKERS: tuple[Maker, ...] = (_en_polarity,)
