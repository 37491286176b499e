"""What a message means by what was said before it: an answer to our question, a follow-up, a correction, a yes or no."""

from __future__ import annotations

import re

from mingbai.values.turn import Memory, Slots

# All that may stand beside a number or name that was asked for.
_FILLER = re.compile(
    r"订单编?号码?|单号|订单|运单|快递|手机|电话|尾号|后四位|末四位|最后四位|号码|邮箱|抬头|税号|公司|个人|地址|身高|体重|尺码|颜色|我的|我|是|的|这个|那个|这是|给你|发你|就是|你|喏|吧|啊|哦|嗯|好的?|亲|请|看|查|一?下|帮|麻烦|谢谢"
    r"|\b(?:my|the|an?|it'?s|it|is|this|here|you|go|are|order|number|no|phone|last|four|digits?|ends?|in|with|email|e-mail|please|thanks|sure|ok|okay|yes|tracking|id|height|weight|size|color|colour)\b",
)
_WORTH = re.compile(r"[\u3400-\u9fffa-z]")
_FOLLOW = re.compile(
    r"^(?:那|那么|还有|然后|要是|如果是?|如果|换成?|改成|改为|而|和|跟)*(?:这个|那个|这款|那款|这种|另外?一?[个款]|别的|其他的?|它|这|那|旁边那?个?|上面那?个?|下面那?个?|第[一二三四五六1-6]个|[\u3400-\u9fffa-z0-9 ]{1,10}的?)?(?:呢|咧|哩|又?怎么样)(?:[,， ]+[\u3400-\u9fffa-z0-9]{1,8}的?(?:那单|那个|那件)?)?[?!.~ ]*$"
    r"|^(?:那|那就)?(?:换成?|改成|改为|要|换个?|来个?)[\u3400-\u9fffa-z0-9]{1,8}(?:的|色|码|款)?(?:呢|吧|行吗|可以吗|可不可以|行不行)?[?!.~ ]*$"
    r"|^(?:没有|没|要是没有?|不行|没货)(?:的话|了|就|货)*[,， ]*(?:那)?(?:就)?(?:换成?|改成|要|来个?|看)[^?？]{1,8}(?:[,， ]*(?:现在)?(?:能发|有货?|还有|行|可以|多少)(?:不|吗|么|没有?|没|钱)?)?[?!.~ ]*$"
    r"|^(?:那|那么|要是|如果|还有)(?:这个|那个|这款|那款|[\u3400-\u9fffa-z0-9]{1,8}(?:的|色|码|款))[?~. ]*$"
    r"|^(?:and |or |so )?(?:what|how) about\b|^(?:and|or)\b.{1,30}\?*$|^(?:what if|same (?:question )?for|same with)\b|^(?:in|the) [a-z]+(?: one)?(?: instead)?\?$",
)
_CORRECTION = re.compile(
    r"^(?:哎呀?|啊|哦|噢|额|呃|诶|对不起|抱歉|不好意思|等等|等下|[,.! ])*(?:不对|不是(?=.{0,12}(?:是|,))|错了|搞错了?|说错了?|弄错了?|打错了?|我说的是|我是说|我问的是|我指的是|不不|唔系|是.{1,12}不是|我要的是|(?:写|打|填|说|输|弄)(?:错|漏|少)了?|忘(?:了|记)?说|忘了?写|补充一?(?:下|点|句)?|更正|纠正)"
    r"|^[^?]{0,20}?(?<![0-9])[0-9]+(?:号|栋|楼|室|单元|个|件|码)?[,. ]*(?:而)?不是[0-9]+|^(?:不是|唔系)[0-9]+[^?]{0,6}[,. ]*是[0-9]+"
    r"|^(?:oh|ah|oops|sorry|wait|hmm|[,.! ])*(?:number |no\.? ?|it'?s |it should be |should be )?#?[0-9]+[,. ]+not #?[0-9]+|^(?:i )?forgot to (?:say|mention|add)"
    r"|^(?:oh|ah|oops|wait|[,.! ])*(?:no,? ?(?:i mean|not|it'?s|the)|i mean(?:t)?|sorry,? (?:i mean|wrong|it'?s|not)|not the\b|wrong (?:one|number),?|correction|actually,? (?:it'?s|the|i mean)|that'?s (?:not|wrong))\b",
)
_CHOICE = re.compile(
    r"^(?:就|是|选|要|我说的|那个|就是)*(?:第[一二三123]个?|最近(?:的|那)?(?:一)?(?:个|单)?|最新(?:的|那)?(?:个|单)?|最后(?:一)?(?:个|单)|最早的?(?:那)?(?:个|单)?|上面那个|前面那个|前一个|后一个|都查|全部|都要|[1-3abc])(?:单|订单)?(?:吧|的|啊|呢)?[.!~ ]*$"
    r"|^(?:the )?(?:first|second|third|last|latest|newest|most recent|1st|2nd|3rd)(?: one| order)?[.! ]*$"
)
# Which order is meant, and no other question: the one I have not paid, 是没付钱的那个, 昨天下的那单.
_WHICH = re.compile(
    r"^(?:不是这[个单],?|不,?|是|就是|我说的是|要|查|看)*[^?？]{0,12}(?:没付|未付|没给|付过|昨天|今天|今早|刚才|刚刚|上周|上个?月|早上|晚上|下的|买的|拍的|便宜|贵|大|小)[^?？]{0,8}(?:那|这)(?:个|一个|单|一单|笔|张)[的吧啊呀 .!~]*$"
    r"|^(?:不是这[个单],?|不,?|是|就是|我说的是)*[\u3400-\u9fff]{2,8}那(?:单|笔|个订单|张单)[的吧啊呀 .!~]*$"
    r"|^(?:no,? |i mean |it'?s |oh,? |sorry,? )*(?:the|that) (?:one|order) (?:i|we|that|which|from|with|of|placed|bought)\b[^?]*$"
)
# The longest first, and nothing is gone back to: 好的好的…x would be tried in as many ways as there are to cut it.
_YES = re.compile(
    r"^(?>(?:that'?s (?:right|correct|fine|ok|okay)|你?帮我(?:办|改|退|换|取消|弄|处理)(?:吧|一下)?|sounds good|absolutely|please do|confirmed|i confirm|of course|thank you|go ahead|confirm|correct|proceed|[,.!~ ]|please|thanks|就这么办?|do it|right|提交吧?|那就这样|okay|yeah|sure|fine|麻烦了?|可以的|我确认|我确定|没问题|就这样|取消吧|冇问题|okk|yes|yep|yup|好的|好滴|好哒|好嘞|好啊|好呀|可以|行的|确认|确定|是的|对的|没错|同意|办吧|改吧|退吧|换吧|继续|要的|需要|系嘅|ok|谢谢|多谢|唔该|嗯|哦|好|行|中|得|成|是|对|要|系|k|y|亲|吧|啊|呀|的|了)+)$"
)
_NO = re.compile(
    r"^(?:(?:先|还是|那|就)?(?:不|别|唔|不要|不想|先不)(?:取消|改|退|换|办|开|寄|提交)(?:货|票|了|啦|先|地址|订单)*|(?:do not|don'?t) (?:cancel|change|return|exchange|send|submit|do)(?: it| that| anything| the order)?|(?:i(?:'ll| will|'d rather|'m going to)? )?(?:keep|leave) (?:it|that|them|the order|my order)(?: as it is| the way it is)?|(?:i )?changed? my mind|actually|let it (?:be|come|go)|不|不用|不用了|不要|不要了|不需要|不必|不确认|不同意|不行|不可以|不是|不对|否|算了|算了吧|别|先别|先不|先不用|先不要|暂时不|不了|不改了|不退了|不换了|不取消了?|(?:还是|就|先)?(?:留着?|留下|保留|要着|放着)(?:它|订单|这单|吧)?|照(?:常|旧|原来的?)?(?:发|寄)|不动了|改主意了?|后悔了?|唔使|唔要|唔好|等等|等一下|等下|再想想|我再想想|再说|再考虑(?:一下)?|没必要|no|nope|nah|n|not now|don'?t|do not|stop|wait|never ?mind|no need|no thanks|no thank you|not yet|hold on|forget it|leave it|let me think|谢谢|多谢|thanks|thank you|亲|吧|啊|呀|了|[,.!~ ])+$"
)
_ASSENT = r"(?:对|对的|是|是的|嗯|好|好的|行|可以|确认|确定|没错|要|我要|帮我|给我|那就|就|请|係|系|yes|yeah|yep|yup|ok|okay|sure|please|i confirm|confirm|go ahead and|[,.! ])*"
# 「对，取消」: an assent with the name of what is to be done, by the skill that does it.
_DOES = tuple(
    (skill, re.compile(rf"^{_ASSENT}(?:{said})(?:吧|掉|了|啦|就行|即可|please|thanks|谢谢|[,.! ])*$"))
    for skill, said in (
        (
            "cancel",
            r"取消(?:订单|这单|它)?|撤单|撤|关(?:闭|单)?|拦(?:下|截)?|cancel(?: it| that| the order| my order| this)?",
        ),
        ("address", r"改(?:地址)?|change(?: it| the address)?"),
        ("modify", r"改(?:订单)?|change(?: it| the order)?"),
        ("return", r"退(?:货)?|return(?: it| them)?"),
        ("exchange", r"换(?:货)?|exchange(?: it)?"),
        ("invoice", r"开(?:票|发票)?"),
    )
)
_TO_A_QUESTION = re.compile(
    r"[,.! ]*(?:对|是|嗯|好|行|可以|确认|确定|没错|係|系|yes|yeah|yep|yup|ok|okay|sure|go ahead|i confirm|confirm)"
)
_FIRM = re.compile(
    r"确认|确定|同意|继续|(?<!不)对|是的|没错|就这样|就这么|办吧|提交|\b(?:yes|yep|yeah|yup|go ahead|confirm(?:ed)?|do it|please do|proceed|sounds good|absolutely|correct)\b"
)


def bare(text: str, slots: Slots) -> bool:
    """Whether the message is nothing but what was asked for. `text` is in the form of `form.plain`."""
    if not any(
        (
            slots.order_no,
            slots.phone_tail,
            slots.tracking_no,
            slots.email,
            slots.tax_code,
            slots.invoice_title,
            slots.size,
            slots.color,
            slots.height_cm,
            slots.weight_kg,
            slots.city,
            slots.product,
        )
    ):
        return False
    rest = re.sub(r"\S+@\S+|[a-z]{0,5}[0-9][a-z0-9-]*", " ", text)
    for value in (*slots.invoice_title, *slots.color, *slots.city, *slots.product, *slots.size):
        rest = rest.replace(value.lower(), " ")
    rest = re.sub(r"cm|kg|斤|公斤|公分|市|省|[?？]", "", rest)
    return not _WORTH.search(_FILLER.sub("", rest))


def answers(text: str, slots: Slots, memory: Memory) -> bool:
    """Whether it answers what we asked for last."""
    if not memory.need or memory.intent is None:
        return False
    return (
        bare(text, slots)
        or bool(_CHOICE.search(text))
        or (bool(getattr(slots, memory.need, ())) and len(text) < 40)
    )


def follows(text: str) -> bool:
    """「那这个呢」「换成红色」, what about the blue one: the question of before, about something else."""
    return bool(_FOLLOW.search(text))


_REASON = re.compile(r"^(?:因为|由于|原因是|主要是|(?:it'?s |that'?s )?(?:because|cause|since)\b)")
_OTHER = re.compile(
    r"^(?:no,? |wait,? |sorry,? )*(?:not (?:this|that)(?: one| order)?[,. ]*)?(?:i mean(?:t)? )?(?:the|my) other (?:one|order)\b[^?]{0,20}$"
    r"|^(?:不|等等|哦|啊|行|好的?|嗯|那|还有|[, ])*(?:不是这[个单件],?)?(?:是|我说的是|查|看)?(?:另外?(?:一|那)?[个单件笔]|别的那[个单件])(?:订单|呢|吧|啊)*[?,. ]*(?:(?:有|买|装|带|含)[^?？,，]{1,16}(?:的|那个|那单|那件))?[^?？]{0,4}$"
)
_SHORT_ZH, _SHORT_EN = 8, 4  # characters, words, of a message that only answers
_ANSWERED = frozenset(("color", "size", "product", "quantity", "reason"))


def short_answer(text: str, memory: Memory) -> bool:
    """白的, the white one: few words, after we asked which."""
    if memory.need not in _ANSWERED or "?" in text or _NO.search(text) or not _WORTH.search(text):
        return False
    words = text.strip(" .,!~").split()
    return len(words) <= _SHORT_EN if text.isascii() else len(text) <= _SHORT_ZH


def gives_reason(text: str) -> bool:
    """「因为太大了」, because it is too big: why what was spoken of is wished."""
    return bool(_REASON.search(text))


def points(text: str) -> bool:
    """The one I have not paid: which is meant of what was asked."""
    return bool(_WHICH.search(text) or _OTHER.search(text))


def corrects(text: str) -> bool:
    return bool(_CORRECTION.search(text))


def confirms(text: str, memory: Memory) -> bool | None:
    """Yes or no to what was proposed, only where the whole message says so and nothing else; None otherwise."""
    if memory.proposal is None or not text.strip(" ,.!~?"):
        return None
    if "?" in text:
        return None
    named = [skill for skill, words in _DOES if words.search(text)]
    if named:
        return any(skill in memory.proposal.skill for skill in named)
    said_no = re.search(
        r"不|别|算了|唔|等|再|否|没必要|\b(?:no|nope|nah|n|not|don'?t|stop|wait|never ?mind|hold|forget|leave|think)\b",
        text,
    )
    if said_no:
        return (
            False
            if (_NO.search(text) and not re.fullmatch(r"(?:没问题|冇问题|.*谢谢)[.! ]*", text))
            or (re.search(r"^不(?:用|要|需要)", text) and _NO.search(text))
            else None
        )
    if re.fullmatch(r"(?:谢谢|多谢|thanks|thank you|亲|吧|啊|呀|的|了|please|[,.!~ ])+", text):
        return None
    return True if _YES.search(text) else None


def names_what(text: str) -> bool:
    """「我要取消」: what is to be done is in the message, so that it means something with nothing before it."""
    return any(words.search(text) for _, words in _DOES) and not _TO_A_QUESTION.match(text)


def agrees(text: str) -> bool:
    """「确认」, yes go ahead: a yes to something to be done, said plainly enough that it is not only thanks."""
    if "?" in text:
        return False
    return bool(_FIRM.search(text) and _YES.search(text)) or any(
        words.search(text) and re.match(_ASSENT, text).end() > 0  # type: ignore[union-attr]  # it matches at least nothing
        for _, words in _DOES
    )
