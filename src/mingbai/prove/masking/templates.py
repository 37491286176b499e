"""What customers write around their data: Chinese of both scripts, English; and what looks like data and is none."""

from __future__ import annotations

_PERSONAL = """
我的手机{mobile}，麻烦改一下
电话{mobile}
{mobile}
打我电话 {mobile} 就行，别打另一个
手机换成{mobile}了
收货电话写错了，应该是{mobile}不是原来那个
联系{mobile}吧
快递让他打{mobile}，我在家
號碼係{mobile}，唔該
我的手機號碼是{mobile}，請改一下
please call me on {mobile} before delivery
my number is {mobile}
{name} {mobile} {address}
{name}，{mobile}，{address}
收货人：{name}
收件人: {name} 电话: {mobile} 地址: {address}
收货人 {name}
姓名：{name}，身份证：{resident_id}
我叫{name}，想查下我的快递
我是{name}，上周下的单
帮我查一下{name}的订单
{name}收，{address}，{mobile}
改成{name}收，电话{mobile}
联系人{name}，{landline}
麻烦寄给{name}，地址不变
您好，我姓名{name}，要报关
收貨人：{name}，地址：{address}
{name_title}您好
找一下{name_title}
让{name_title}给我回个电话
{name_title}，我的货呢
是{name_title}收的吗
麻烦转告{name_title老}
找{name_title老}
你问{name_title老}就知道了
座机{landline}
公司电话：{landline}
打{landline}没人接
固话是{landline}，白天都在
可以打{landline}联系我们前台
our office phone is {landline}
上面的号码是虚拟号{virtual_mobile}打不通
快递员说打{virtual_mobile}是空号
收货电话{virtual_mobile}
号码{virtual_mobile}过期了吗
收件手机{masked_mobile}那单
查{masked_mobile}的订单
手机尾号对不上，我这是{masked_mobile}
身份证{resident_id}
身份证号码是{resident_id}，报关用
清关需要实名，{resident_id}
我的证件号：{resident_id}
{resident_id}这个是我的身份证
實名認證身份證 {resident_id}
ID card number: {resident_id}
退款退到{bank_card}吧
银行卡号 {bank_card} 工商银行
卡号{bank_card}，户名{name}
打到我卡上：{bank_card}
我的招行{bank_card}可以收吗
account number {bank_card}, please refund there
開戶行中國銀行，帳號{bank_card}
税号{uscc}
发票抬头：杭州某某贸易有限公司，税号：{uscc}
纳税人识别号是{uscc}，开专票
{uscc}
统一社会信用代码 {uscc} 帮我开票
公司税号{uscc}，普票就行
信用代码{uscc}
老税号{tax_code_old15}还能用吗
税号：{tax_code_old15}
纳税人识别号 {tax_code_old15}
护照号{passport}
我没有身份证，护照：{passport}可以吗
passport no. {passport}
护照{passport}报关
護照號碼：{passport}
车牌{plate}，送到门口
我的车是{plate}，来自提
{plate}这辆车停在楼下
车牌号：{plate}
司机开的{plate}
邮箱{email}
发票发到{email}
电子发票请发 {email} 谢谢
{email}
My email is {email}.
send the invoice to {email} please
郵箱：{email}，麻煩了
发我邮箱吧 {email}
邮箱是{email}，注意不要发错
邮箱{email#}
发到{email#}
我的邮箱 {email#}，谢谢
加微信{wechat}
加我微信：{wechat}，发图给你看
微信号{wechat}
我vx {wechat}
VX：{wechat}
加v{wechat}，给你返现
wechat: {wechat}
微信是 {wechat} 备注一下
薇信{wechat}
加薇❤{wechat❤}
加V❤ {wechat❤}
➕薇{wechat❤}
QQ{qq}
加Q{qq}聊
扣扣{qq}
qq号是{qq}
QQ：{qq}
支付宝账号{alipay}
退到支付宝 {alipay}
支付宝：{alipay}
我的支付宝账户是{alipay}
支付寶帳號：{alipay}
alipay account: {alipay}
登录不上，IP是{ip}
我这边ip {ip}
来自{ip}的登录不是我
server at {ip} times out
访问地址{ip}打不开
订单号{order_no}
订单{order_no}到哪了
查一下 {order_no}
{order_no}
订单编号：{order_no}，申请退款
我的單號{order_no}，訂單幾時發
Where is my order {order_no}?
order number {order_no}, still not shipped
{order_no}这个单子帮我取消
快递单号{tracking_no}
顺丰{tracking_no}三天没动了
运单号：{tracking_no}
{tracking_no}到哪了
退货已寄出，{tracking_no}
物流{tracking_no}显示签收但没收到
tracking number {tracking_no} has no updates
運單號{tracking_no}
生日{birth_date}
我{birth_date}出生的，有生日优惠吗
会员生日填错了，应该是{birth_date}
出生日期：{birth_date}
孩子{birth_date}生的，穿多大
my date of birth is {birth_date}
寄到{address}
地址：{address}
地址改成{address}
送到{address}，谢谢
我在{address}，能送吗
收货地址是{address}
新地址 {address}
麻烦发{address}
收貨地址：{address}
Ship it to {address_en}
My address is {address_en}.
please send to {address_en}
My name is {name_en}, order {order_no}
I'm {name_en} and my email is {email}
This is {name_en}, call me on {mobile}
Name: {name_en}, phone {mobile}
Regards, {name_en}
姓名{name}，护照{passport}，生日{birth_date}
{name} {resident_id}
订单号{order_no}，快递{tracking_no}，手机{mobile}
QQ{qq}或者微信{wechat}都行
{address} {name} {mobile}
{mobile}，{name}
税号{uscc}，邮箱{email}，电话{landline}
车牌{plate}，手机{mobile}
"""

_PLAIN = """
这款{price}元包邮吗
买{n}件能便宜吗
满{price}减{n}
{date}能到吗
{date}{time}发的货怎么还没到
库存还有{n}件吧
条码{barcode}
商品条形码 {barcode} 对吗
货号{sku}有没有现货
{sku}和{sku}哪个好
型号{sku}，颜色黑色
验证码{code6}收不到
取件码{pickup}
驿站取件码 {pickup}，柜子打不开
APP版本{version}闪退
软件版本 {version} 支持吗
固件v{version}
尺寸{size}的有吗
屏幕{size}吗
发{place}要几天
寄到{place}多少运费
{place}有门店吗
身高{n}体重{n}穿什么码
身高165体重{n}斤
保质期到{date}
{year}年的普洱还有吗
{year}款和{year}款有什么区别
优惠券满199减{n}怎么用不了
第{n}期免息吗
{time}开播吗
谢谢，辛苦了
好的，明白了
方便的话帮我尽快发
你们老师推荐的那款
华硕的笔记本有吗
小米手机壳
高兴死了，超快
客服态度真好
快递太慢了，差评
安全吗，能给宝宝用吗
马上就要了，急
包装破了，{n}个坏了{n}个
评分{n}分，{n}人付款
抽奖第{n}名是我吗
积分{price}分能换什么
余额{price}元什么时候到账
生日礼物送什么好
{date}有生日会，来得及吗
微信支付可以吗
支付宝付了{price}元
用支付宝还是微信好
QQ音乐会员有卖吗
订单什么时候发货
快递用的什么
运费{price}元太贵了
能开发票吗，税点多少
13800元一套
1380/套，{n}套起
2025年双11活动{date}开始吗
容量{n}00ml
电池{n}000mAh
色号#{n}
型号是A{n}还是B{n}
12306能买票吗
双十一领了{n}张券
编号{n}的茶饼
长{n}宽{n}高{n}
A款{n}B款{n}C款{n}
第1批第2批第{n}批
比例是3:7:{n}
how much is the {n} inch one?
Is the {sku} in stock?
Do you ship to Germany within {n} days?
The size {size} is too small
I want to return {n} of them
Google Home and Apple HomeKit both work?
version {version} of the app crashes
Thanks, have a nice day
Happy Birthday gift wrap available?
The Blue Ceramic Teapot arrived broken
Where is my refund of ${price}?
Black Friday deals start on {date}?
Dear Customer Service, where is my parcel
這個{price}元可以便宜嗎
發順豐要加多少錢
寄香港幾天到
一二三四五六七八九十款都要
一共二百五十块
五百八十八一件
零零散散买了七八次
老板大气
小王子那本书还有吗
老干妈多少钱一瓶
王老吉一箱几罐
李宁的鞋偏码吗
张裕红酒有货吗
"""

PERSONAL = tuple(_PERSONAL.strip().splitlines())
PLAIN = tuple(_PLAIN.strip().splitlines())
