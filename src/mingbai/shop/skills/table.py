"""Every skill of the shop, once. The path chooses by intent; tools and the MCP server go by name."""

from __future__ import annotations

from typing import Any

from mingbai.shop.skills import (
    bargain,
    cancel,
    change,
    coupon,
    damaged,
    delivery,
    exchange,
    goods,
    invoices,
    modify,
    orders,
    person,
    price,
    product,
    proof,
    protection,
    refunds,
    requests,
    returns,
    send_back,
    size,
    stock,
    warranty,
)
from mingbai.shop.skills.skill import Skill, writing
from mingbai.values.errors import Text
from mingbai.values.turn import Intent

SKILLS: tuple[Skill[Any], ...] = (
    Skill("where_is_order", "包裹到哪了：全部包裹、承运、运单号、最近物流、预计送达、异常",
          "Where a parcel is: every parcel of the order with carrier, number, last scan, promise and trouble",
          proof.OrderArguments, orders.where_is_order, Intent.WHERE_IS_ORDER),
    Skill("order_status", "订单本身：状态、商品、金额、日期", "An order itself: state, articles, amounts and dates",
          proof.OrderArguments, orders.order_status, Intent.WHERE_IS_ORDER),
    Skill("delivery_time", "寄到某地要几天、什么时候发货", "How long delivery takes to a place, and when it leaves",
          delivery.DeliveryArguments, delivery.delivery_time, Intent.DELIVERY_TIME),
    Skill("product_info", "商品资料：材质、容量、用法、养护", "What an article is: material, volume, use, care",
          goods.ItemArguments, product.product_info, Intent.PRODUCT_INFO),
    Skill("size_advice", "按身高体重推荐尺码", "Which size, by height and weight",
          size.SizeArguments, size.size_advice, Intent.SIZE_ADVICE),
    Skill("stock", "有没有货、什么时候补货、预售发货日", "Is it in stock, when is it back, when does a pre-sale leave",
          goods.ItemArguments, stock.stock, Intent.STOCK),
    Skill("price", "现在多少钱、当时付了多少、运费", "The price now, what was paid, the delivery fee",
          price.PriceArguments, bargain.price_asked, Intent.PRICE),
    Skill("coupon", "优惠券和满减：能用哪张、优惠后多少钱", "Coupons: which apply and what is left to pay",
          coupon.CouponArguments, coupon.coupon, Intent.COUPON),
    Skill("price_protection", "价保：期限和差价", "Price protection: the period and the difference",
          proof.OrderArguments, protection.price_protection, Intent.PRICE_PROTECTION),
    Skill("return_right", "能不能退、到哪天、运费谁出", "May it go back, until when, and who pays the postage",
          proof.OrderArguments, returns.return_right, Intent.RETURN_RIGHT),
    Skill("refund_status", "退款进度和到账时间", "Where a refund stands and when it arrives",
          proof.OrderArguments, refunds.refund_status, Intent.REFUND_STATUS),
    Skill("warranty", "保修多久、到哪天", "The warranty and its last day",
          proof.OrderArguments, warranty.warranty, Intent.WARRANTY),
    Skill("damaged_or_missing", "破损、少件、发错：收集信息并转人工", "Damaged, missing or wrong goods: collects what is needed for a person",
          person.PersonArguments, damaged.damaged_or_missing, Intent.DAMAGED_OR_MISSING),
    Skill("complaint", "投诉：直接转人工", "A complaint: to a person at once",
          person.PersonArguments, person.complaint, Intent.COMPLAINT),
    Skill("handoff", "转人工", "To a person", person.PersonArguments, person.handoff, Intent.HANDOFF),
    Skill("shop_facts", "店铺信息：客服时间、地址、电话", "The shop: hours, address, telephone",
          person.PersonArguments, person.shop_facts, Intent.GREETING),
    Skill("greeting", "打招呼", "A greeting", person.PersonArguments, person.greeting, Intent.GREETING),
    Skill("thanks", "致谢", "Thanks", person.PersonArguments, person.nothing, Intent.THANKS),
    Skill("off_topic", "与店铺无关", "Not the shop's business", person.PersonArguments, person.nothing, Intent.OFF_TOPIC),
    Skill("change_address", "发货前改地址（先复述，确认后才改）", "Change the address before dispatch (proposed, made when confirmed)",
          change.AddressArguments, writing(change.change_address), Intent.CHANGE_ADDRESS, change.change_address),
    Skill("cancel_order", "取消没发货的订单（确认后才取消）", "Cancel an order that has not left (made when confirmed)",
          proof.OrderArguments, writing(cancel.cancel_order), Intent.CANCEL_ORDER, cancel.cancel_order),
    Skill("modify_order", "发货前改颜色、尺码（确认后才改）", "Another colour or size before dispatch (made when confirmed)",
          modify.ModifyArguments, writing(modify.modify_order), Intent.MODIFY_ORDER, modify.modify_order),
    Skill("start_return", "申请退货（确认后提交）", "Request a return (made when confirmed)",
          requests.ReturnArguments, writing(send_back.start_return), Intent.START_RETURN, send_back.start_return),
    Skill("exchange", "申请换货（确认后提交）", "Request an exchange (made when confirmed)",
          requests.ReturnArguments, writing(exchange.exchange), Intent.EXCHANGE, exchange.exchange),
    Skill("invoice", "发票进度和申请（确认后登记）", "Invoices: where a request stands, and a new one (made when confirmed)",
          invoices.InvoiceArguments, writing(invoices.invoice), Intent.INVOICE, invoices.invoice),
)  # fmt: skip

BY_NAME = {skill.name: skill for skill in SKILLS}
# The skill that answers an intent: the one of its name.
BY_INTENT = {intent: BY_NAME[intent.value] for intent in Intent}

# What an intent is called where a customer chooses among several.
LABELS: dict[Intent, Text] = {
    Intent.WHERE_IS_ORDER: Text("查物流", "where the parcel is"),
    Intent.DELIVERY_TIME: Text("多久能到", "how long delivery takes"),
    Intent.CHANGE_ADDRESS: Text("改地址", "changing the address"),
    Intent.CANCEL_ORDER: Text("取消订单", "cancelling an order"),
    Intent.MODIFY_ORDER: Text("修改订单", "changing an order"),
    Intent.PRODUCT_INFO: Text("了解商品", "an article"),
    Intent.SIZE_ADVICE: Text("选尺码", "choosing a size"),
    Intent.STOCK: Text("有没有货", "whether it is in stock"),
    Intent.PRICE: Text("价格", "a price"),
    Intent.COUPON: Text("优惠券", "coupons"),
    Intent.PRICE_PROTECTION: Text("价保", "price protection"),
    Intent.RETURN_RIGHT: Text("能不能退", "whether it can be returned"),
    Intent.START_RETURN: Text("申请退货", "returning something"),
    Intent.EXCHANGE: Text("换货", "an exchange"),
    Intent.REFUND_STATUS: Text("退款进度", "a refund"),
    Intent.INVOICE: Text("发票", "an invoice"),
    Intent.WARRANTY: Text("保修", "the warranty"),
    Intent.DAMAGED_OR_MISSING: Text("破损或少件", "damaged or missing goods"),
    Intent.COMPLAINT: Text("投诉", "a complaint"),
    Intent.HANDOFF: Text("转人工", "a person"),
}
