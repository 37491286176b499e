"""Made-up personal data of every kind, with check digits that fit, from a seeded random source. Nobody's."""

from __future__ import annotations

from collections.abc import Callable
from random import Random


def _words(text: str, by: str = " ") -> list[str]:
    return text.split(by)


DIVISIONS = _words(
    "110101 110105 120102 130102 140105 210102 220102 230103 310104 310115 320102 320505 330106 330382 340104 350102 360102 370102 410102 420106 430104 440103 440305 450103 460106 500103 510104 520103 530102 610102 620102 650102"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_AREAS = _words("010 021 022 023 024 025 027 028 029 0571 0755 0769 0512 0532 0591 0371 0731 0851 0991 0898")
_BINS = (("622202", 19), ("622848", 19), ("621700", 19), ("622700", 19), ("625912", 16), ("621483", 16), ("622588", 16), ("621799", 19), ("403361", 16), ("524094", 16), ("356895", 16))  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MAIL = _words(
    "qq.com 163.com 126.com gmail.com outlook.com foxmail.com sina.cn hotmail.com yeah.net example.com.cn mail.company.de"
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛段雷龙黎史陶贺毛郝顾邵万覃武钱戴严莫孔向汤温康施"
_GIVEN = _words(
    "伟 芳 娜 敏 静 秀英 丽 强 磊 洋 艳 勇 军 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 志强 玉兰 春梅 海燕 晓东 雪梅 子涵 浩宇 欣怡 梓轩 雨桐 俊杰 思远 佳琪 文博 嘉怡 一诺 诗涵 宇航 梦洁 志远 国栋 家豪 永康 美玲 淑芬 丹 倩 婷 鑫 宁 冬梅 立新 振华 卫东 爱华 小红 晨曦 若曦 可欣 天佑 景行 清扬 昕 睿 翔 璐 琳 莹 帅 凯 斌 波 辉"
)
_COMPOUND = ["欧阳", "上官", "司马", "诸葛", "皇甫"]
_FIRST = _words(
    "Anna James Maria John Laura Peter Sofia Lukas Emma Noah Yusuf Mei Olivia Daniel Fatima Ivan Chloe Hans Isabelle Raj Ethan Aarav Mia Liam"
)
_LAST = _words(
    "Smith Johnson Garcia Müller Rossi Kovacs Patel Nguyen Silva Brown Davis Wilson Khan Ito Santos Moore Lopez Jackson Schmidt Dubois O'Brien Martin Lee Thomas"
)
_PLACES = _words(
    "北京市朝阳区 上海市浦东新区 广东省深圳市南山区 浙江省杭州市西湖区 江苏省苏州市吴中区 四川省成都市武侯区 湖北省武汉市洪山区 陕西省西安市雁塔区 福建省厦门市思明区 山东省青岛市市南区 河南省郑州市金水区 湖南省长沙市岳麓区 辽宁省大连市沙河口区 重庆市渝中区 天津市和平区 新疆乌鲁木齐市天山区 云南省昆明市五华区 广西南宁市青秀区 杭州市余杭区 广州天河区 成都市锦江区 宁波鄞州区"
)
_ROADS = _words(
    "文三路 人民中路 中山北路 建设大道 科技园南路 解放街 长江西路 学院路 滨河大道 春熙路 建国门外大街 龙阳路 民主巷 金鸡湖大道 高新四路 和平里东街 迎宾大道 莲花北路"
)
_ESTATES = _words(
    "阳光花园 万科城 锦绣家园 金色港湾小区 龙湖时代天街 绿地新城 保利香槟国际 世纪公寓 东方明珠大厦 翠苑新村"
)
_STREETS = _words(
    "Maple Drive|Oak Street|Cedar Avenue|Highland Road|Park Lane|Sunset Boulevard|River Road|Elm Avenue|Lakeview Drive|Broad Street",
    "|",
)
_CITIES = _words(
    "Chicago, IL 60612|San Diego, CA 92101|Austin, TX 78701|Denver, CO 80202|Seattle, WA 98109|Boston, MA 02118",
    "|",
)


def digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def mobile(random: Random) -> str:
    return "1" + random.choice("3456789") + digits(random, 9)


def landline(random: Random) -> str:
    if random.random() < 0.15:
        return f"400-{digits(random, 3)}-{digits(random, 4)}"
    area = random.choice(_AREAS)
    number = random.choice("2345678") + digits(random, 7 if len(area) == 3 or random.random() < 0.7 else 6)
    joined = random.choice(["-", "-", " ", ""])
    extension = (
        random.choice(["", "", "", f"转{digits(random, 4)}", f"-{digits(random, 3)}"])
        if joined == "-"
        else ""
    )
    return f"({area}){number}" if random.random() < 0.1 else f"{area}{joined}{number}{extension}"


def virtual_mobile(random: Random) -> str:
    if random.random() < 0.4:
        return f"1{random.choice('3456789')}{digits(random, 10)}-{digits(random, 4)}"
    return f"{mobile(random)}{random.choice(['转', '-', ' 转 ', '#', ' ext '])}{digits(random, 4)}"


def masked_mobile(random: Random) -> str:
    number = mobile(random)
    return number[:3] + random.choice(["****", "****", "××××", "xxxx", "●●●●"]) + number[7:]


def resident_id(random: Random) -> str:
    born = f"{random.randint(1945, 2012)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    first = random.choice(DIVISIONS) + born + digits(random, 3)
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    return first + "10X98765432"[sum(int(it) * by for it, by in zip(first, weights, strict=True)) % 11]


def bank_card(random: Random) -> str:
    beginning, length = random.choice(_BINS)
    body = beginning + digits(random, length - 1 - len(beginning))
    total = sum(sum(map(int, str(int(it) * (2 - place % 2)))) for place, it in enumerate(reversed(body)))
    return body + str(-total % 10)


def uscc(random: Random) -> str:
    body = (
        random.choice(["91", "91", "92", "12", "52"])
        + random.choice(DIVISIONS)
        + "".join(random.choice(_USCC) for _ in range(9))
    )
    total = sum(_USCC.index(it) * pow(3, place, 31) for place, it in enumerate(body))
    return body + _USCC[-total % 31]


def tax_code_old15(random: Random) -> str:
    body = digits(random, 8)
    rest = 11 - sum(int(it) * by for it, by in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return random.choice(DIVISIONS) + body + {10: "X", 11: "0"}.get(rest, str(rest))


def passport(random: Random) -> str:
    if random.random() < 0.5:
        return "E" + digits(random, 8)
    return random.choice(
        ["E" + random.choice("ABCDEFGHJKLM"), "G" + digits(random, 1), "D" + digits(random, 1)]
    ) + digits(random, 7)


def plate(random: Random) -> str:
    head = random.choice(_PROVINCES) + random.choice("ABCDEFGHJ") + random.choice(["", "", "·", " "])
    if random.random() < 0.25:
        return head + random.choice("DF") + digits(random, 5)
    tail = "".join(random.choice(_PLATE) for _ in range(2)) + digits(random, 3)
    return head + (tail[:4] + random.choice("学挂警港") if random.random() < 0.06 else tail)


def email(random: Random) -> str:
    name = "".join(random.choice(_LETTERS) for _ in range(random.randint(3, 10)))
    name += random.choice(["", digits(random, 3), f".{random.choice(_LETTERS)}on", f"_{digits(random, 2)}"])
    return f"{name if random.random() < 0.75 else random.choice('123456789') + digits(random, 8)}@{random.choice(_MAIL)}"


def wechat(random: Random) -> str:
    if random.random() < 0.15:
        return "wxid_" + "".join(random.choice(_LETTERS + "0123456789") for _ in range(12))
    body = "".join(random.choice(_LETTERS) for _ in range(random.randint(4, 9)))
    return body + random.choice(["", "_", "-"]) + digits(random, random.randint(2, 5))


def qq(random: Random) -> str:
    return random.choice("123456789") + digits(random, random.randint(5, 9))


def alipay(random: Random) -> str:
    return random.choice([mobile, email])(random) if random.random() < 0.8 else "2088" + digits(random, 12)


def ip(random: Random) -> str:
    if random.random() < 0.2:
        return ":".join(f"{random.randint(0x100, 0xFFFF):x}" for _ in range(8))
    return ".".join(str(random.randint(11, 254)) for _ in range(4))


def order_no(random: Random) -> str:
    day = f"{random.randint(2023, 2026)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    return random.choice(
        [
            random.choice("1234") + digits(random, 18),
            day[2:] + "-" + digits(random, 15),
            random.choice("56") + digits(random, 18),
            f"MB{day}-{digits(random, 4)}",
            f"P{digits(random, 18)}",
            f"{digits(random, 3)}-{digits(random, 7)}-{digits(random, 7)}",
            f"#W{digits(random, 7)}",
        ]
    )


def tracking_no(random: Random) -> str:
    return random.choice(["SF", "SF", "YT", "JT", "JD00", "YD", "ZT"]) + digits(random, 13)


def birth_date(random: Random) -> str:
    year, month, day = random.randint(1945, 2015), random.randint(1, 12), random.randint(1, 28)
    return random.choice(
        [
            f"{year}年{month}月{day}日",
            f"{year}-{month:02}-{day:02}",
            f"{year}.{month}.{day}",
            f"{year}{month:02}{day:02}",
            f"{year % 100:02}年{month}月{day}号" if year < 2000 else f"{year}/{month}/{day}",
        ]
    )


def address(random: Random) -> str:
    tail = random.choice(
        [
            f"{random.choice(_ROADS)}{random.randint(1, 999)}号",
            (
                f"{random.choice(_ROADS)}{random.randint(1, 999)}号{random.choice(_ESTATES)}{random.randint(1, 30)}栋{random.randint(1, 33)}0{random.randint(1, 6)}室"
            ),
            (
                f"{random.choice(_ESTATES)}{random.randint(1, 30)}号楼{random.randint(1, 4)}单元{random.randint(101, 3302)}"
            ),
            (
                f"{random.choice(_ROADS)}{random.randint(1, 99)}弄{random.randint(1, 60)}号{random.randint(101, 999)}室"
            ),
        ]
    )
    return random.choice(_PLACES) + tail


def address_en(random: Random) -> str:
    unit = random.choice(["", f", Apt {random.randint(1, 99)}", f", Suite {random.randint(100, 999)}"])
    return f"{random.randint(10, 9999)} {random.choice(_STREETS)}{unit}, {random.choice(_CITIES)}"


def name(random: Random) -> str:
    family = random.choice(_COMPOUND) if random.random() < 0.03 else random.choice(SURNAMES)
    return family + random.choice(_GIVEN)


def name_en(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}"


def name_title(random: Random) -> str:
    return random.choice(SURNAMES) + random.choice(["先生", "女士", "小姐", "先生", "女士", "老师", "经理"])


MAKERS: dict[str, Callable[[Random], str]] = {
    "name": name, "name_en": name_en, "name_title": name_title, "mobile": mobile, "landline": landline, "virtual_mobile": virtual_mobile,
    "masked_mobile": masked_mobile, "resident_id": resident_id, "bank_card": bank_card, "uscc": uscc, "passport": passport,
    "plate": plate, "address": address, "address_en": address_en, "email": email, "wechat": wechat, "qq": qq, "alipay": alipay, "ip": ip,
    "order_no": order_no, "tracking_no": tracking_no, "birth_date": birth_date, "tax_code_old15": tax_code_old15,
}  # fmt: skip
