"""姓名: persons' names, Chinese by family name and context, English by the words that introduce one.

Rule: zh/person_names, zh/person_names_en. No licensed corpus of persons stands behind it, so names in running prose are
missed rather than guessed (figures: `mingbai prove masking`). Every further mention of a found name is masked as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "name"


def find(reading: Reading) -> Iterator[Hit]:
    for it in reading.names:
        if it.kind == KIND:
            yield Hit(it.start, it.end, it.confidence)


CASES: Cases = (
    ("收货人：张伟", ("张伟",)),
    ("我叫欧阳娜娜，手机13800138000", ("欧阳娜娜",)),
    ("王秀英 13800138000 浙江省杭州市西湖区文三路1号", ("王秀英",)),
    ("帮我查李建国的快递", ("李建国",)),
    ("My name is Anna Smith and I want a refund", ("Anna Smith",)),
    ("Recipient: Anna Smith, Phone", ("Anna Smith",)),
    ("What's the name on the account? User: Šárka Ottová", ("Šárka Ottová",)),
    ("It's booked under Miklós Hajdu, please check", ("Miklós Hajdu",)),
    ("If this is not correct, please change it to Mary Gavrilova.", ("Mary Gavrilova",)),
    ("I would like to add my daughter Selma to it", ("Selma",)),
    ("Follow up with Sigrid Nyström in a month", ("Sigrid Nyström",)),
    ("Verda lives on 33 Avenue Road", ("Verda",)),
    ("Is there a discount? Black Friday starts soon.", ()),
    ("Found under Kitchen, please change it to Blue", ()),
    ("My order is under the limit", ()),
    ("The tracking page says Label Created", ()),
    ("It says Sold Out", ()),
    ("the page says Ships Tomorrow", ()),
    ("The site said Winter Rose is back", ()),
    ("It is under Customs Inspection", ()),
    ("My order was placed under Spring Festival", ()),
    ("Please change it to Celadon Mist.", ()),
    ("Your colleague says Free Returns, the app says Warranty Pending", ()),
    ("My wife said Anna Smith would sign", ("Anna Smith",)),
    ("my daughter's Teapot", ()),
    ("Customer: E-mail", ()),
    ("Dear Customer, Google Home is in stock", ()),
    ("谢谢，高兴", ()),
    ("华硕的快递包装很好", ()),
)
