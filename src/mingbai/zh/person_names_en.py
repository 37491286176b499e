"""English persons' names, by the words that introduce one: my name is, Mr, Dear, ship to, regards.

And by where it stands: an answer to “your name?”, my wife …, booked under …, change it to …, says …, … lives in.
Pairs of capitalised words by themselves are no sign: in a shop's texts they are mostly goods and places. Not covered: names
nobody introduces or that a page or a label “says”, single given names inside a sentence, scripts other than Latin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mingbai.zh.person_names import FoundName

_UPPER, _ANY = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻŁŃŅŇŐŒŔŘŚŞŠŤŪŮŰŹŻŽ", "A-Za-zÀ-ÖØ-öø-ÿĀ-ž"
_WORD = rf"[{_UPPER}](?:[{_ANY}]|['’-](?=[{_ANY}])){{1,24}}|[{_UPPER}]\.?(?= [{_UPPER}])"
_NAME = rf"(?:{_WORD})(?: (?:(?:van|von|de|der|den|la|del|da|dos|bin|al|El|Mc) ){{0,2}}(?:{_WORD})){{0,3}}"
_CUES = re.compile(
    rf"(?:(?P<strong>(?i:\b(?:my|your|you|his|her|their|our|the|customer|full|first|last|user|account|client|recipient|cardholder|contact|the customer's|billing|shipping)?'?s? ?(?:full |first |last |legal )?names?(?: on (?:the|my) (?:account|order|card))?(?: is| was|'s| should be|:|=| -)+ ?:?)"
    rf"|(?i:\b(?:i am|i'm|i’m|this is|it's|it’s|you are|you're|called|named|speaking with|speaking to|spoke (?:with|to)|signed|regards|sincerely|yours(?=,)|thanks(?=,)|cheers(?=,)|best(?=,)|attn|attention(?=:)|consignee(?=:)|receiver(?=:)|c/o|recipient(?=:)|recipient is|addressed to|ship(?:ped)? (?:it )?to|deliver(?:ed)? (?:it )?to|send (?:it )?to|belongs to|on behalf of|cardholder(?=:)|account holder|contact(?=:)|customer(?=:)|client(?=:)|passenger(?=:)|buyer(?=:)|ask for|placed by|bought by|ordered by|order for|order of|refund to|reach)\b[:,]?)"
    rf"|(?i:\b(?:dear|hi|hello|hey)\b,?)|\b(?i:mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|lady)\b\.?)\s{{1,2}})(?P<name>{_NAME})"
)
_WEAK = re.compile(
    r"(?i)(?:this is|it's|it’s|you are|you're|called|named|ship(?:ped)? (?:it )?to|deliver(?:ed)? (?:it )?to|send (?:it )?to|refund to|order for|order of|reach|thanks|cheers|best|i am|i'm|i’m|belongs to|addressed to)$"
)
_HONORIFIC = re.compile(r"(?i)(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|lady)\.?$")
_RIGHT_BEFORE = re.compile(
    rf"(?:^|[\n,，;；:：|(]) ?(?P<name>(?:{_WORD})(?: (?:{_WORD})){{1,2}})(?:[,， |]|: ?| - ){{1,2}}$"
)
# People who write in small letters.
_SMALL = re.compile(
    r"(?i:\bmy (?:full )?name is|\bname ?[:=]) (?P<name>[a-z]{2,15} [a-z]{2,15})(?=[.,!?;\n]|$| and\b)"
)
# Other contexts that say so. `one`: a single word is enough there.
_KIN = "kid|child|son|daughter|wife|husband|partner|spouse|fiancée?|girlfriend|boyfriend|brother|sister|mother|father|mom|mum|dad|grandmother|grandfather|aunt|uncle|cousin|nephew|niece|roommate|flatmate|colleague|boss|neighbou?r"
_PAIR = rf"(?:{_WORD})(?: (?:(?:van|von|de|der|den|la|del|da|dos|bin|al|El|Mc) ){{0,2}}(?:{_WORD})){{1,3}}"
# “It says Sold Out”: what a page or a label says is no name.
_THINGS = [
    "it",
    "page",
    "site",
    "website",
    "tracking",
    "status",
    "app",
    "label",
    "tag",
    "banner",
    "listing",
    "screen",
]
_SAYS = "".join(rf"(?<!\b{it} )" for it in _THINGS) + "(?:says|said)"
_CONTEXTS = re.compile(
    rf"(?i:\bnames?\b[^?\n]{{0,40}}\?)\s{{1,3}}(?:(?i:user|customer|client|visitor|guest|caller|me|it's|it is|it’s|yes),?:? {{0,2}})?(?P<one>{_NAME})(?=[.,!\n]|$)"
    rf"|(?i:\bmy (?:{_KIN})),? (?P<one2>{_NAME})|(?i:\bmy (?:{_KIN})'s name,? )(?P<one3>{_NAME})"
    rf"|(?i:\b(?:it's|it is|it’s|is|are|was|be|booked|registered|listed|filed|placed|ordered|account) under )(?P<two>{_PAIR})"
    rf"|(?i:\b(?:change|correct|update|rename) (?:it|that|this|the name|my name|her name|his name) to )(?P<two2>{_PAIR})(?=[.!\n]|$)"
    rf"|(?i:\b(?:follow(?:ing|ed)? up with|meeting with|met with|talk(?:ed|ing)? (?:to|with)|in care of|care of|written by|{_SAYS}|replied|asked by|signed by|approved by) )(?P<two3>{_PAIR})(?![A-Za-z])"
    rf"|(?:^|[\n.!?] ?)(?P<one4>{_NAME})(?= (?:lives|lived|resides|is living) (?:on|at|in)\b)"
)
_LIVELY = re.compile(
    r"(?i)\?|\bmy [a-z]|under |\bto [A-Z]| with | of |written|says|said|replied|asked|signed|approved| l[i]v| resides| living"
)
_SMALL_WORDS = frozenset(
    [
        "not",
        "on",
        "the",
        "in",
        "wrong",
        "a",
        "an",
        "of",
        "to",
        "is",
        "it",
        "no",
        "my",
        "your",
        "order",
        "as",
        "for",
        "at",
        "by",
        "misspelled",
        "spelled",
        "incorrect",
        "same",
        "also",
        "still",
    ]
)
# Capitalised words that open a sentence or name something else than a person.
_NOT_WORDS = """
The A An And Or But If In On At Of For To From With By My Your Our Their His Her Its This That These Those It I You We They He She Is Are Was Were Will Would Can Could Should Please Thanks Thank
Sorry Yes No Not Ok Okay Hello Hi Hey Dear Sir Sirs Madam Captain Customer Service Support Team Manager Store Shop Company Order Item Product Account Agent All Everyone There Here Monday Tuesday Wednesday Thursday Friday Saturday Sunday
January February March April May June July August September October November December Google Home Apple Amazon Ebay Temu Shopify Android Iphone Windows Mac China Chinese English German French Italian Spanish Japanese American British
Germany France Italy Spain Japan America Usa Uk United States Kingdom New York Los Angeles San Francisco Chicago Houston Beijing Shanghai London Paris Berlin Express Delivery Shipping Refund Return Exchange Gold Silver Black White Red Blue Green
What When Where Why How Who Which Also Just Only Some Any Now Then Mr Mrs Ms Miss Dr Prof Ups Fedex Dhl Usps Paypal Visa Mastercard Zip Code Email E-mail Tracking Number Phone Address Christmas Day Friends Family Guys Folks Ladies Gentlemen
Street Avenue Road Drive Lane Wi-Fi Wifi Bluetooth Homekit Sincerely Regards Best Cheers
Sold Out Label Created Customs Festival Holiday Free Ships Shipped Shipment Warranty Guarantee Pending Delivered Dispatched Processing Processed Arrived Arriving Departed Estimated Expected Awaiting Transit Inspection Clearance
Cancelled Canceled Completed Confirmed Failed Unavailable Available Coming Limited Final Special Offer Sale Discount Ready Pickup Payment Paid Tomorrow Today Tonight Back Stock Add Cart Checkout Wishlist Settings
Celadon Beige Navy Teal Turquoise Maroon Purple Pink Orange Yellow Charcoal Khaki Burgundy Indigo Silk Porcelain Ceramic Bamboo Cotton Linen Leather Oolong Puer Pu'er Matcha Tea Teapot Teacup Mug Kettle Tray Gift Box Set Size Large Medium Small Color Colour
"""
_NOT = frozenset(_NOT_WORDS.split())


def find(text: str, beside: Iterable[tuple[int, int]] = ()) -> Iterator[FoundName]:
    """`beside`: spans of phones, addresses and the like; two or three capitalised words right before one are its person."""
    for start, _ in beside:
        if (hit := _RIGHT_BEFORE.search(text, max(0, start - 48), start)) and _kept(hit["name"]) == hit[
            "name"
        ]:
            yield FoundName(*hit.span("name"), "name", hit["name"], 0.85, "beside")
    for hit in _SMALL.finditer(text):
        if not _SMALL_WORDS & set(hit["name"].lower().split()):
            yield FoundName(*hit.span("name"), "name", hit["name"], 0.85, "said")
    for hit in _CONTEXTS.finditer(text) if _LIVELY.search(text) else ():
        group = str(hit.lastgroup)
        if (words := re.sub("['’]s$", "", _kept(hit[group]))) and (group.startswith("one") or " " in words):
            start = hit.start(group)
            yield FoundName(start, start + len(words), "name", words, 0.8, "context")
    at = 0
    while hit := _CUES.search(text, at):
        at = max(hit.start("name"), hit.start() + 1)
        words = _kept(hit["name"])
        cue = hit["strong"].strip().rstrip(",:")
        if not words:
            continue
        single = len(words.split()) == 1
        introduced = re.match("(?i)(?:i am|i'm|i’m)$", cue) and _greets_end(
            text, hit.start("name") + len(words)
        )
        if (
            single
            and not introduced
            and (
                _WEAK.search(cue)
                or (re.match("(?i)(?:hi|hello|hey|dear)$", cue) and not _greets(text, hit, words))
            )
        ):
            continue
        title = _HONORIFIC.search(cue) and single
        start = hit.start("name")
        at = start + len(words)
        sure = 0.9 if _HONORIFIC.search(cue) or "name" in cue.lower() else 0.82
        if title:
            yield FoundName(
                hit.start("strong"),
                start + len(words),
                "name_title",
                text[hit.start("strong") : start + len(words)],
                sure,
                "title",
            )
        else:
            yield FoundName(start, start + len(words), "name", words, sure, "said")


def _kept(name: str) -> str:
    """The words before the first that cannot be a person's."""
    words: list[str] = []
    for word in name.split(" "):
        if re.split("['’.]", word)[0] in _NOT or (word.isupper() and len(word) > 2 and not words):
            break
        words.append(word)
    while words and words[-1][0].islower():
        words.pop()
    return " ".join(words)


def _greets_end(text: str, at: int) -> bool:
    return text[at : at + 1] in ("", ".", ",", "!", "\n") or text[at : at + 5] in (" from", " and ")


def _greets(text: str, hit: re.Match[str], words: str) -> bool:
    """「Hi Anna,」 at a line's beginning, and only up to a comma or the line's end."""
    rest = text[hit.start("name") + len(words) : hit.start("name") + len(words) + 1]
    first = hit.start() == 0 or text[hit.start() - 1] in "\n.!"
    return first and rest in ("", ",", "!", "\n", ".", "，", "！")
