"""`Understander`: a turn's message becomes its language, intents and slots. See `turn.service.Understands`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mingbai.turn.understand import asides, decide, follow, form, handoff, lang, letters, rules, slots, wish
from mingbai.turn.understand import bare as bare_question
from mingbai.turn.understand.ask import AskModel
from mingbai.turn.understand.classifier import Classifier, Encoder, NoEncoder, examples, load_or_train
from mingbai.turn.understand.goods import Goods, generic
from mingbai.values.turn import Guess, Intent, Lang, Memory, Slots, Turn, Understood
from mingbai.zh import dialect
from mingbai.zh.order_numbers import Own

ASK_BELOW = 0.6  # the model is asked where rules and examples are less sure than this
SENT_AWAY = 0.75  # nobody is sent to a person as complaining by examples that are less sure: we ask
BESIDE = 1.5  # what a sentence's log odds and the whole message's together are divided by
CHOICES = 3
SHARES = 9  # intents whose share goes on to who knows more than the words
IN_TALK, LONG_IN_TALK = (
    4.0,
    2.0,
)  # how much likelier what was spoken of before is, in a short message and in a long one
SHORT = 24  # characters
CANDIDATES = 5  # of the examples' likeliest intents the model may choose
NOTHING_NAMED = Slots()
_LETTER = re.compile(r"[a-z\u3400-\u9fff]")
SMALL_TALK = frozenset((Intent.GREETING, Intent.THANKS, Intent.OFF_TOPIC))
DONE_FOR_THEM = frozenset(  # what is done only after a yes
    (Intent.CANCEL_ORDER, Intent.CHANGE_ADDRESS, Intent.MODIFY_ORDER, Intent.START_RETURN, Intent.EXCHANGE, Intent.INVOICE)
)  # fmt: skip
OTHER_VARIANT = frozenset((Intent.MODIFY_ORDER, Intent.EXCHANGE))
LONG_CHOICE = 30  # characters of a message that only says another colour or size
RETURNS = frozenset((Intent.RETURN_RIGHT, Intent.START_RETURN, Intent.EXCHANGE))
# Whether it may go back, and that it shall: which of them is meant says the order, and both together are sure enough.
TWO_SIDES, EITHER = frozenset((Intent.RETURN_RIGHT, Intent.START_RETURN)), 0.75
OF_MONEY = frozenset((Intent.REFUND_STATUS, Intent.CANCEL_ORDER, Intent.PRICE_PROTECTION))
_LAST_DAY = re.compile(
    r"最后一?[天日]|最后期限|最[晚迟](?:哪天|几号|几时|什么时候|到)|几号(?:之前|以前|截止)|到几号|截止|期限|\b(?:last|latest|final) (?:day|date)\b|\bdeadline\b|\b(?:until|by|till) when\b"
)
# Of money that was spoken of before: 为什么还没到, 到哪张卡.
_NOT_THERE = re.compile(
    r"(?:那|那么|但是|可是)?(?:为什么|为啥|怎么|咋)?(?:还|都|一直)?(?:没|未)(?:到|收到|看到|见到)(?:账|呢|啊|呀)*|(?:会|是)?(?:到|退到|退回)(?:哪|什么|哪张|哪个)(?:卡|账户|里|儿)*(?:了|呢)?|(?:那|大概)?(?:多久|几时|什么时候|几天)(?:能)?(?:到|收到)"
    r"|(?:so |and |but )?(?:why|when) (?:hasn't|has|will|does|is|isn't) (?:it|that) (?:not )?(?:come|arrive|arrived|here|there)(?: yet)?|(?:to )?which (?:card|account)"
)
_LABEL = re.compile(r"\blabels?\b|面单|退货单")
_HOW_MUCH = re.compile(
    r"(?:那|一共|总共|是|到底|能?退)*(?:多少钱?|几多钱?|多少块)(?:呢|啊|呀|来着)?|(?:and |so )?how much(?: (?:is|was|will) (?:it|that)(?: be)?| (?:do|will) i get)?"
)
# 大号石茶盘有吗: right after the name of goods it is a question for stock; 石茶盘的检测报告有吗 is none.
_HAVE = re.compile(
    r"(?<!没)(?:还|仲)?有(?:吗|么|嘛|没有?|冇|不|无)?[啊呀呢的 ?!.]*$|^(?:有没有|有冇|有无|还有)"
)


class Understander:
    """Made once; `load` before the first message, or the first one waits for the training.

    `goods_of` and `own_of` give a shop's words for its goods and the shapes of its order numbers. `cache` is a folder
    for the trained classifier. `ask_of` chooses for each turn whom to ask, and may choose nobody.
    """

    def __init__(
        self,
        encoder: Encoder | None = None,
        ask_model: AskModel | None = None,
        *,
        goods_of: Callable[[str], Goods] | None = None,
        own_of: Callable[[str], Sequence[Own]] | None = None,
        cache: Path | None = None,
        ask_of: Callable[[Turn], Awaitable[AskModel | None]] | None = None,
    ) -> None:
        self._encoder = encoder or NoEncoder()
        self._ask = ask_model
        self._ask_of = ask_of
        self._goods_of = goods_of or (lambda shop: generic())
        self._own_of = own_of or (lambda shop: ())
        self._cache = cache
        self._classifier: Classifier | None = None
        self._wish: wish.Wish | None = None

    def load(self) -> None:
        """Train, or read what was trained; about twelve seconds on two busy cores the first time."""
        text = "你好，订单到哪了？where is it"
        self._opinions(decide.voices(text))
        self._wished(text)
        generic()

    async def understand(self, turn: Turn) -> Understood:
        """Pure but for the encoder and the model it was given."""
        text = form.last_said(turn.text)
        said = _to_the_shop(letters.read_back(form.plain(text).text))
        spoken = turn.focus.lang or lang.of(turn.text, turn.memory.lang)
        named = slots.read(
            turn.text, turn.now, self._goods_of(turn.shop), self._own_of(turn.shop), turn.memory.need
        )
        answer = follow.confirms(said.strip(), turn.memory)
        if answer is not None:
            return replace(_as_before(spoken, named, turn.memory, 0.95), confirms=answer)
        wished = self._wished(text)
        asked_for_person = wished >= wish.SURE
        known = _by_memory(said, spoken, named, turn.memory, asked_for_person)
        if known is not None:
            return known
        if (
            not asked_for_person and not re.search(r"\w", said) and not rules.hits(said)
        ):  # nothing, a picture, 😊
            return Understood(spoken, (decide.guess(Intent.GREETING, 0.9, "rule"),), named)
        goods = self._goods_of(turn.shop)
        heard = [
            decide.beside(v, bare_question.question(v.text, goods)) for v in decide.voices(form.uncoded(said))
        ]
        opinions = _in_talk(self._opinions(heard, named, wished >= wish.POSSIBLE), turn.memory, said)
        if turn.memory.intent is not None and not asked_for_person and follow.follows(said.strip()):
            plain = {intent for voice in heard for intent in voice.strong} - {
                Intent.EXCHANGE,
                Intent.STOCK,
                Intent.PRODUCT_INFO,
                Intent.MODIFY_ORDER,
            }
            if not plain:
                return _as_before(spoken, named, turn.memory, 0.85)
        if not asked_for_person and follow.bare(said, named) and not any(voice.strong for voice in heard):
            return _only_named(spoken, named, turn.memory, opinions)
        if (
            not asked_for_person and not _LETTER.search(said) and not any(voice.hits for voice in heard)
        ):  # 1, 666: nothing to go by
            return Understood(spoken, _first_topics(), named, unsure=True)
        clauses, heard_apart = self._clauses(_to_the_shop(text))
        guesses = asides.added(decide.together(opinions), heard_apart)
        guesses = asides.asked_by_part(guesses, clauses, heard_apart)
        guesses = tuple(
            replace(it, slots=self._slots_of(turn, it.said, named)) if it.said else it
            for it in asides.apart(guesses, clauses, heard_apart)
        )
        if not asked_for_person and guesses[0].p < ASK_BELOW:
            ask = self._ask if self._ask_of is None else await self._ask_of(turn)
            if ask is not None:
                return await self._by_model(ask, turn.text, spoken, named, opinions, guesses)
        complains = any(Intent.COMPLAINT in voice.strong for voice in heard)  # gets a person without asking
        praises = _only_thanks(heard) and handoff.meant_otherwise(said)
        if (complains or _only_greets(heard) or praises) and not handoff.asked(said):
            asked_for_person = False
        return _concluded(spoken, named, guesses, opinions, wished if asked_for_person else 0.0)

    def _wished(self, text: str) -> float:
        if self._wish is None:
            self._wish = wish.load_or_train(examples(), self._encoder, self._cache)
        return self._wish.p(text)

    def _opinions(
        self, heard: Sequence[decide.Voice], named: Slots = NOTHING_NAMED, person: bool = True
    ) -> list[decide.Opinion]:
        """`person`: whether one may be wished for."""
        if self._classifier is None:
            self._classifier = load_or_train(examples(), self._encoder, self._cache)
        texts = [voice.text for voice in heard]
        if len(heard) > 1:
            texts.append("".join(texts))
        rows = _rows(self._classifier, self._encoder, texts)
        if len(heard) > 1:  # what a sentence asks is clearer beside the others: 「拆开看了眼。还退得成吗」
            whole = rows.pop()
            rows = [
                row if voice.strong else (row + whole) / BESIDE
                for voice, row in zip(heard, rows, strict=True)
            ]
        if short := [voice.bare for voice in heard if voice.bare]:
            found = iter(self._classifier.logits(short, self._encoder.encode(short)))
            rows = [
                (row + next(found)) / 2 if voice.bare else row for voice, row in zip(heard, rows, strict=True)
            ]
        never = frozenset() if person else frozenset((Intent.HANDOFF,))
        of_an_order = bool(named.order_no or named.tracking_no)
        return [
            decide.opinion(voice, list(row), never, of_an_order, _also(voice, named))
            for voice, row in zip(heard, rows, strict=True)
        ]

    def _clauses(self, text: str) -> tuple[list[asides.Clause], list[decide.Opinion]]:
        """Every clause that asks something by itself, where there are several; `_opinions` has loaded the classifier."""
        asked = asides.of(text)
        if not asked or self._classifier is None:
            return [], []
        heard = [clause.voice for clause in asked]
        rows = _rows(self._classifier, self._encoder, [voice.text for voice in heard])
        return asked, [decide.opinion(voice, list(row)) for voice, row in zip(heard, rows, strict=True)]

    def _slots_of(self, turn: Turn, said: str, every: Slots) -> Slots:
        """What a part of the message names; where it names nothing of a kind, what the whole message does."""
        own = slots.read(said, turn.now, self._goods_of(turn.shop), self._own_of(turn.shop), turn.memory.need)
        kept = {f.name: getattr(own, f.name) or getattr(every, f.name) for f in fields(Slots)}
        return Slots(**kept)

    async def _by_model(
        self,
        ask: AskModel,
        text: str,
        spoken: Lang,
        named: Slots,
        opinions: Sequence[decide.Opinion],
        guesses: tuple[Guess, ...],
    ) -> Understood:
        """What examples and the model both find likely, where that is sure; a model without an opinion changes nothing, and one
        that makes nothing surer decides nothing but what is asked back."""
        odds = await ask(text)
        alone = _concluded(spoken, named, guesses, opinions, 0.0)
        if not odds:
            return alone
        shares = (
            dict(opinions[0].shares)
            if len(opinions) == 1
            else dict(max(opinions, key=lambda it: it.top.p).shares)
        )
        # The model chooses among what the examples find likely: free to choose, a 1.5B was no better than they and surer.
        candidates = sorted(shares.items(), key=lambda it: -it[1])[:CANDIDATES]
        both = {intent: share * (odds.get(intent, 0.0) + 0.02) ** 0.5 for intent, share in candidates}
        total = sum(both.values())
        ranked = sorted(both.items(), key=lambda it: (-it[1], it[0]))
        made = tuple(decide.guess(intent, share / total, "model") for intent, share in ranked[:CHOICES])
        sure = made[0].p >= ASK_BELOW
        if sure and (alone.unsure or made[0].intent is not alone.intents[0].intent):
            return _handed(Understood(spoken, made[:1], named, adapter=odds.adapter))
        if not alone.unsure:
            return replace(alone, adapter=odds.adapter)
        return Understood(spoken, made, named, unsure=True, shares=alone.shares, adapter=odds.adapter)


def _rows(classifier: Classifier, encoder: Encoder, texts: list[str]) -> list[Any]:
    """The classifier's log odds; dialect counts half as it was written and half in the standard language's words."""
    other = [dialect.standard(text) for text in texts]
    more = [at for at, (text, read) in enumerate(zip(texts, other, strict=True)) if text != read]
    every = [*texts, *(other[at] for at in more)]
    rows = list(classifier.logits(every, encoder.encode(every)))
    for at, row in zip(more, rows[len(texts) :], strict=True):
        rows[at] = (rows[at] + row) / 2
    return rows[: len(texts)]


def _to_the_shop(said: str) -> str:
    """Without words that are meant to turn a machine, where a question for the shop is beside them."""
    rest = form.uninstructed(said)
    if rest == said or not any(hit.intent not in SMALL_TALK for hit in rules.hits(rest)):
        return said
    return rest


def _also(voice: decide.Voice, named: Slots) -> list[rules.Hit]:
    """What words mean beside what the message names: 有吗 after a thing, where after an order's number."""
    found = []
    text = voice.text.strip()
    if named.product and not voice.bare and _HAVE.search(text) and not voice.strong:
        found.append(rules.Hit(Intent.STOCK, 0, len(text), True))
    if (named.order_no or named.tracking_no) and re.search(
        r"\bwhere('s| is| are)?[ ?!.]*$|哪[里儿]?[ ?了]*$", text
    ):
        found.append(rules.Hit(Intent.WHERE_IS_ORDER, 0, len(text), True))
    return found


def _only_greets(heard: Sequence[decide.Voice]) -> bool:
    """「在吗客服」: the whole message is a greeting, whomever it names."""
    return all(
        any(hit.intent is Intent.GREETING and hit.strong and len(voice.text.strip()) <= hit.end - hit.start for hit in voice.hits)
        for voice in heard
    )  # fmt: skip


def _only_thanks(heard: Sequence[decide.Voice]) -> bool:
    """「那位专员人超好」: whoever is praised is not asked for."""
    return all(voice.strong == {Intent.THANKS} for voice in heard)


def _first_topics() -> tuple[Guess, ...]:
    """What most people come for, where a message gives no hint."""
    return tuple(
        decide.guess(intent, 0.1, "examples")
        for intent in (Intent.WHERE_IS_ORDER, Intent.PRODUCT_INFO, Intent.RETURN_RIGHT)
    )


def _by_memory(
    said: str, spoken: Lang, named: Slots, memory: Memory, asked_for_person: bool
) -> Understood | None:
    """What the conversation decides before any word of the message is weighed."""
    bare = said.strip()
    if memory.proposal is None and follow.agrees(bare):
        if memory.intent in DONE_FOR_THEM:
            return _as_before(spoken, named, memory, 0.9)
        if memory.intent is None and not follow.names_what(bare):  # a yes to nothing
            return Understood(spoken, _first_topics(), named, unsure=True)
    if memory.intent is None or asked_for_person:
        return None
    if (kin := _kin(bare, memory)) is not None:
        return Understood(spoken, (decide.guess(kin, 0.85, "memory"),), named)
    another = memory.intent in OTHER_VARIANT and bool(named.color or named.size) and len(bare) <= LONG_CHOICE
    if (
        follow.answers(bare, named, memory)
        or follow.corrects(bare)
        or follow.points(bare)
        or (another and "?" not in bare)
        or follow.short_answer(bare, memory)
        or (memory.intent in DONE_FOR_THEM and follow.gives_reason(bare))
    ):
        plain = {intent for voice in decide.voices(said) for intent in voice.strong} - SMALL_TALK
        mends = (
            follow.corrects(bare) and memory.intent in plain
        )  # 写漏了一个字: nothing is missing in a parcel
        if not plain or plain == {memory.intent} or mends:
            return _as_before(spoken, named, memory, 0.95)
    return None


def _kin(said: str, memory: Memory) -> Intent | None:
    """What two words ask of what was spoken of: 运费呢 after a return, how much was it after a refund."""
    if len(said) > SHORT * (3 if said.isascii() else 1):
        return None
    if memory.intent in RETURNS and _LAST_DAY.search(said):
        return Intent.RETURN_RIGHT
    if memory.intent in RETURNS and (decide.of_postage(said) or _LABEL.search(said)):
        return memory.intent if memory.intent is Intent.EXCHANGE else Intent.RETURN_RIGHT
    if memory.intent is Intent.REFUND_STATUS and _NOT_THERE.fullmatch(said.strip(" ?!.,")):
        return memory.intent
    return memory.intent if memory.intent in OF_MONEY and _HOW_MUCH.fullmatch(said.strip(" ?!.")) else None


def _as_before(spoken: Lang, named: Slots, memory: Memory, p: float) -> Understood:
    return Understood(spoken, (decide.guess(memory.intent or Intent.THANKS, p, "memory"),), named)


def _only_named(spoken: Lang, named: Slots, memory: Memory, opinions: Sequence[decide.Opinion]) -> Understood:
    """A message that is only a number or a name goes on with what was asked; with nothing before it we ask what for."""
    if memory.intent is not None and memory.intent not in SMALL_TALK:
        return _as_before(spoken, named, memory, 0.9)
    if named.order_no or named.tracking_no:
        return Understood(spoken, (decide.guess(Intent.WHERE_IS_ORDER, 0.6, "rule"),), named)
    if named.tax_code or named.invoice_title:
        return Understood(spoken, (decide.guess(Intent.INVOICE, 0.8, "rule"),), named)
    if named.height_cm or named.weight_kg:
        return Understood(spoken, (decide.guess(Intent.SIZE_ADVICE, 0.9, "rule"),), named)
    return _concluded(spoken, named, decide.together(opinions), opinions, 0.0)


def _concluded(
    spoken: Lang,
    named: Slots,
    guesses: tuple[Guess, ...],
    opinions: Sequence[decide.Opinion],
    wished: float,
) -> Understood:
    """`wished`: how surely a person is asked for; 0 where none is."""
    if wished:
        others = [it for it in guesses if it.by == "rule" and it.intent not in (Intent.HANDOFF, *SMALL_TALK)]
        return Understood(
            spoken, (decide.guess(Intent.HANDOFF, wished, "examples"), *others[:1]), named, handoff=True
        )
    first = guesses[0]
    shares = _shares(guesses, opinions)
    enough = SENT_AWAY if first.intent is Intent.COMPLAINT and first.by != "rule" else decide.SURE
    if first.p < enough or first.intent is Intent.HANDOFF:
        likeliest = max(opinions, key=lambda it: it.top.p).shares[:CHOICES]
        (one, p), (other, q) = likeliest[:2]
        if {one, other} == TWO_SIDES and p + q >= EITHER:
            return Understood(spoken, (decide.guess(one, p + q, "examples"),), named, shares=shares)
        return Understood(
            spoken,
            tuple(decide.guess(intent, p, "examples") for intent, p in likeliest),
            named,
            unsure=True,
            shares=shares,
        )
    return _handed(Understood(spoken, guesses, named, shares=shares))


def _shares(guesses: tuple[Guess, ...], opinions: Sequence[decide.Opinion]) -> tuple[Guess, ...]:
    """Of a message that asks for one thing in words that no rule knows."""
    if len(guesses) > 1 or guesses[0].by != "examples" or any(it.top.by == "rule" for it in opinions):
        return ()
    best = max(opinions, key=lambda it: it.top.p)
    return tuple(decide.guess(intent, p, "examples") for intent, p in best.shares[:SHARES])


def _in_talk(opinions: list[decide.Opinion], memory: Memory, said: str) -> list[decide.Opinion]:
    """What words leave open is rather about what was spoken of before."""
    before = memory.intent
    if before is None or before in (*SMALL_TALK, Intent.HANDOFF, Intent.COMPLAINT):
        return opinions
    more = IN_TALK if len(said.strip()) <= SHORT or memory.need else LONG_IN_TALK
    return [it if it.voice.strong else it.with_more_of(before, more) for it in opinions]


def _handed(made: Understood) -> Understood:
    """Complaints go to a person."""
    return replace(made, handoff=any(it.intent is Intent.COMPLAINT for it in made.intents))
