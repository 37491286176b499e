"""The house style: how the counter greets, what it offers to ask, words that staff are stopped at, and their quick phrases."""

from __future__ import annotations

from dataclasses import dataclass

from mingbai.values.errors import Text
from mingbai.values.json import JsonObject

MOST_WORDS, MOST_CHARACTERS = 100, 500


@dataclass(frozen=True, slots=True)
class Style:
    """`never_say` holds for what staff write; the desk's own words have their checks (`turn/check/promises.py`)."""

    greeting: Text
    questions_zh: tuple[str, ...]
    questions_en: tuple[str, ...]
    never_say: tuple[str, ...]
    phrases: tuple[Text, ...]

    def stopped_at(self, text: str) -> str:
        """The first word in it that the house does not say; "" when there is none."""
        folded = text.casefold()
        return next((word for word in self.never_say if word.casefold() in folded), "")

    def as_json(self) -> JsonObject:
        return {
            "greeting": _both(self.greeting),
            "questions": {"zh": list(self.questions_zh), "en": list(self.questions_en)},
            "never_say": list(self.never_say),
            "phrases": [_both(phrase) for phrase in self.phrases],
        }

    @staticmethod
    def from_json(said: JsonObject) -> Style:
        """Raises KeyError, TypeError or ValueError for what is not of this form."""
        questions = said["questions"]
        if not isinstance(questions, dict):
            raise TypeError("questions")
        return Style(
            _text(said["greeting"]), _words(questions["zh"]), _words(questions["en"]), _words(said["never_say"]),
            tuple(_text(phrase) for phrase in _list(said["phrases"])),
        )  # fmt: skip


DEFAULT = Style(
    Text("您好，订单、物流、退换、商品，都可以直接问。", "Hello. Ask about an order, a parcel, a return or an article."),
    ("我的包裹到哪了？", "七天无理由怎么退？", "能开发票吗？", "有什么优惠？"),
    ("Where is my parcel?", "How do I return something?", "Can I have an invoice?", "Which coupons are there?"),
    # Advertising Law art. 9 (superlatives) and what a shop cannot keep.
    ("最好", "第一", "绝对", "保证", "百分之百", "guaranteed", "the best"),
    (
        Text("您好，我来帮您处理，请稍等。", "Hello, I will take care of this; one moment please."),
        Text("已经为您登记，有进展会第一时间告诉您。", "It is noted, and I will tell you as soon as there is news."),
    ),
)  # fmt: skip


def _both(text: Text) -> JsonObject:
    return {"zh": text.zh, "en": text.en}


def _list(said: object) -> list[object]:
    if not isinstance(said, list) or len(said) > MOST_WORDS:
        raise TypeError(f"a list of at most {MOST_WORDS}")
    return said


def _words(said: object) -> tuple[str, ...]:
    return tuple(_word(each) for each in _list(said))


def _text(said: object) -> Text:
    if not isinstance(said, dict):
        raise TypeError("zh, en")
    return Text(_word(said["zh"], empty=True), _word(said["en"], empty=True))


def _word(said: object, *, empty: bool = False) -> str:
    if not isinstance(said, str) or len(said) > MOST_CHARACTERS or not (said or empty):
        raise TypeError(f"words of at most {MOST_CHARACTERS} characters")
    return said
