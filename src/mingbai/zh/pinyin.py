"""How Chinese words sound: syllables, initials, the pairs that dialects and typing blur, and Latin letters read as pinyin.

Readings come from pypinyin with the word around a character (重 in 重庆 is chong). Tones are left out: nobody types them.
ü is written v. For an index there are coarser sounds: one to a character, zh/z, ch/c, sh/s, -ng/-n and ü/u as one.
"""

from __future__ import annotations

from functools import lru_cache

# Every syllable of Mandarin as typed. From pypinyin's own table of readings, the rare ones of dialects left out.
_SYLLABLES = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce
cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun
chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu
dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge
gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu
hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan
kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia
lian liang liao lie lin ling liu long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi
mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning
niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou
pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru
ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou
shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng
ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang
xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua
zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_SYLLABLES.split())
# Common English words that are also whole pinyin: alone they are no sign of it.
_ENGLISH_WORDS = """
a an bang bin can chant chat chose dang die fan gang gun hang he hen her lie long man me men mine more
pan pen pie pin ping ran rang run sang she shuai song sun tan tang ten tie to ton wan wing women you
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("h", "f"))
_FINALS = (("iang", "ian"), ("uang", "uan"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@lru_cache(65536)
def syllables(word: str) -> tuple[str, ...]:
    """One syllable a Han character, read as in this word; anything else is left as it is, in small letters."""
    return tuple(_read(word.lower()))


def _read(word: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(word, style=Style.NORMAL, errors=_apart)  # type: ignore[arg-type]  # its stub forgets lists


def _apart(rest: str) -> list[str]:
    return list(rest)


def initials(word: str) -> str:
    """First letters: 茶具套装 is cjtz, 4S店 is 4sd."""
    return "".join(syllable[:1] for syllable in syllables(word))


@lru_cache(4096)
def blurred(syllable: str) -> str:
    """The syllable with zh/z, ch/c, sh/s, n/l, r/l, h/f, ang/an, eng/en, ing/in as one: equal ones may be confused."""
    for long, short in _INITIALS:
        if syllable.startswith(long) and len(syllable) > len(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in _FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


def coarse(syllable: str) -> str:
    """The syllable as half of the people who type by sound hear it: zhang is zan, lv is lu. Coarser sounds go into an index."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return syllable.replace("v", "u").replace("ü", "u")


@lru_cache(65536)
def coarse_syllables(word: str) -> tuple[str, ...]:
    """Exactly one a character, read as in this word; a character without a reading stands for itself."""
    read = _read(word)
    return tuple(map(coarse, read)) if len(read) == len(word) else tuple(map(coarse_alone, word))


@lru_cache(16384)
def coarse_alone(character: str) -> str:
    """The character's commonest sound outside any word."""
    read = _read(character)
    return coarse(read[0]) if read else character


@lru_cache(16384)
def coarse_initials(word: str) -> str:
    """First letters of the coarse sounds; what has no reading breaks the row with a space, as it is typed by nobody."""
    sounds = coarse_syllables(word)
    return "".join(s[0] if s and s[0].isascii() and s[0].isalpha() else " " for s in sounds)


@lru_cache(65536)
def letters(word: str) -> str:
    """As it is typed without spaces: 香炉 is xianglu. Empty where a character has no reading."""
    read = _read(word)
    joined = "".join(read)
    return joined if len(read) == len(word) and joined.isascii() and joined.isalpha() else ""


def typed_coarse(letters: str) -> tuple[str, ...]:
    """`typed`, as coarse sounds."""
    return tuple(map(coarse, typed(letters)))


def likeness(one: str, other: str) -> float:
    """1 for the same sounds (紫砂壶, 紫沙壶), .8 where only blurred pairs differ (兰花, 南花), 0 otherwise."""
    first, second = syllables(one), syllables(other)
    if first == second:
        return 1.0
    if len(first) == len(second) and all(
        blurred(a) == blurred(b) for a, b in zip(first, second, strict=True)
    ):
        return 0.8
    return 0.0


@lru_cache(4096)
def typed(letters: str) -> tuple[str, ...]:
    """Letters cut into the fewest syllables: zishahu is zi sha hu, xi'an is xi an. Empty where they are no pinyin."""
    letters = letters.lower().replace("ü", "v")[:64]
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            piece = letters[start:end].strip("' -")
            if before is None or (piece and piece not in SYLLABLES):
                continue
            now = (*before, piece) if piece else before
            known = best[end]
            if known is None or len(now) < len(known):
                best[end] = now
    return best[-1] or ()


def spells(letters: str, word: str) -> float:
    """How surely Latin letters mean a Chinese word: 1 its pinyin, .8 its pinyin blurred (zisahu for 紫砂壶), .6 its initials
    (of three characters or more), 0 otherwise."""
    letters = letters.lower().replace("ü", "v").replace("'", "").replace(" ", "")
    sounds = syllables(word)
    if letters == "".join(sounds):
        return 1.0
    cut = typed(letters)
    if len(cut) == len(sounds) > 0 and all(
        blurred(a) == blurred(b) for a, b in zip(cut, sounds, strict=True)
    ):
        return 0.8
    return 0.6 if len(sounds) >= 3 and letters == initials(word) else 0.0


def looks_like_pinyin(letters: str) -> bool:
    """Whether a Latin word is more likely pinyin than English: chahu and zisha are, tea, women and fan are not."""
    cut = typed(letters)
    return len(letters) >= 3 and letters.lower() not in _ENGLISH and 0 < len(cut) * 2 <= len(letters)
