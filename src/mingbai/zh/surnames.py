"""Chinese family names and the characters that given names are made of, by hand; no corpus of persons is behind it.

Family names: those of the 百家姓 that are borne today, the commonest first as the Ministry of Public Security's yearly report of
2020 (全国姓名报告) orders them. A character here is only a sign; whether it begins a name is for person_names to say.
"""

from __future__ import annotations

COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申"
)
RARE = frozenset(
    "殷詹欧耿关兰焦俞左柳甘祝包宁尚舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓"
    "古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗代桂隋应臧闵苟邬边卞姬师和仇栾隆沙虞佟楚丛浦商匡池敖幸湛郁宿桑全巫迟郎明木"
    "闻储茅寇修仲计燕邰伏阎尉查谌奚占鞠竺晋茹母皮贝候练花"
)
# As OpenCC or their bearers write them in traditional characters.
TRADITIONAL = frozenset(
    "張劉陳楊黃趙吳孫馬許鄧馮曾葉蘇呂盧鐘譚陸範賈鄒龍賀顧龔萬錢戴嚴湯溫齊喬龐顏倪莊聶魯歐關蘭紀畢單駱藍時項連婁閔鄔邊衛蕭韓鄭羅謝遲譙厲"
)
_COMPOUND_WORDS = """
欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 轩辕 宇文 长孙 端木 南宫 西门 独孤 闻人 钟离 澹台 淳于 申屠 百里 呼延 歐陽 諸葛 東方 尉遲 公孫 司馬 夏侯
"""
COMPOUND = frozenset(_COMPOUND_WORDS.split())
SINGLE = COMMON | RARE | TRADITIONAL

# Given names. Those that seldom stand in ordinary words beside each other; both characters of a name must be here.
GIVEN = frozenset(
    "伟芳娜敏静秀丽强磊洋艳勇军杰娟涛明超霞平刚玲燕玉兰桂英华建国志文梅红春雪琳慧颖婷倩雯欣怡佳嘉俊浩宇轩梓涵子萱诗雨晨曦辰睿泽博瑞哲翰"
    "昊天宏鹏飞翔龙凤凰鑫鸿海江河波峰岩山林森松柏竹菊荷莲莉蓉蓓薇茜莹莎洁冰清晶晴云雷电霖露霜虹彬斌武威毅坚钢铁亮光辉晖耀旭阳升东南西北中"
    "正义仁礼智信孝忠良善德贤才能达通顺利安康宁福寿禄祥喜庆乐欢悦爱思念忆梦如若若溪影婉柔美媛嫣妍姗妮妙姣娇婧婕姝淑惠珍珠琴瑶瑾瑜璐璇琪琦琼璟玮珊珂"
    "景晓晗昕旻昱晟昌荣茂盛兴旺富贵进步胜凯旋成功立业创新世家庭树根生长发全友先朝廷贵宾民群众少小大元一二三四五六七八九十百千万亿启明远航帆扬振"
    "传承继绍宗祖培育学书田力维为卫权炳炎焱煜烨灿炜煊钧钰铭锋锐镇银金宝栋梁楠榕桐枫彤丹青蓝紫白素颜容心意情恩念慈悯可人君卿依伊菲芬芸芝苗苹蕾蕊馨香"
    "芷若兮渝渊泉洪涌滨浦润泓沛沁沐涵淇清淳源漫澜瀚骏骥腾跃驰骋冲迅逸逍遥然默言语诚谦谨诺谊豪壮雄勤奋劲克敬恒永久锦绣绮纯纪绍纲经纬舒展佑佐佩俪倬"
    "伦侠仪传倪健偲儒允元兆先光克全公其冬冠凌凝函分刘励勋化北卓南卫印历原双叔召叶司合同向君启吟含周呈咏咪品唯商喆喻嘉园圆圣坤城培基堂塔增士声夏夕"
    "奇奕契奎女好妤始姿威娅婵孟季学守宸宾宜宝实宣宪家容密寒寅小尚尧展岚岳峻崇嵘川州巧巍帅希帝常干年广庆延开弘强彦彩彪征徽忆怀怜思恬息恺悟惟愉慎懿"
    "戈成才扬承拓捷政敏文斯新方施日旦时昂易映昭显晋普暄曼曾月有朋本杉来杨杭果柱栩桦梁森楚榆樱欣歌毓水汉汐沂沅沙沫治泊洁洋洛津活浩浪润深添温湘满滢漪"
    "玄玉玥珏珑理琛琨瑗璃生用甜田男略益盈盛睦瞳石礼祎祖祺禹秉秋科程穆空立竞端笑笛简米粒精纤红纳练细绪绿翊翎翠翼耘聪肃肖胤舟航艺节芊花芮苑苒苓茵茹草莺"
    "菁菡萌葵蓓蔚蕙藜虎虔蝶行衡裕西观言训诗诣谷豫贝贞贺赞超越路轶辅辉达迎迪追逊通道邦郁郎都采里野量锐长闻阔阳陆际随雁雄雅霁霄霆靖音韵顺须颂顾颢飒馥驹鸣鹤麒麟黎"
) | frozenset(
    "張偉麗靜強艷軍濤剛蘭華國紅鳳鵬飛龍東學書鄭陽傑潔瑩瓊鈺銘鋒鎮銀寶棟樹豐廣慶歡愛夢嬌婭賢義禮達進榮興貴賓業創慧穎"
)
