/** The trade's words for what comes as stable names: kinds of rows, intents, checks. An unknown name is shown as it is. */
import { either, lang } from "./words";

const KINDS: Record<string, [string, string]> = {
  order: ["订单", "Order"], line: ["订单商品", "Order line"], shipment: ["包裹", "Parcel"], event: ["物流", "Tracking"],
  product: ["商品", "Product"], sku: ["规格", "Variant"], variant: ["规格", "Variant"], said: ["对话句", "Sentence"], payout: ["结算", "Payout"], price: ["价格", "Price"], stock: ["库存", "Stock"],
  policy: ["店规", "Shop page"], shop: ["店铺", "Shop"], customer: ["顾客", "Customer"], refund: ["退款", "Refund"],
  return: ["退货", "Return"], coupon: ["优惠券", "Coupon"], campaign: ["活动", "Campaign"], invoice: ["发票", "Invoice"],
  review: ["评价", "Review"], carrier: ["快递公司", "Carrier"], payment: ["付款", "Payment"], address: ["地址", "Address"],
  warehouse: ["仓库", "Warehouse"], fact: ["店铺资料", "Shop fact"], size: ["尺码", "Size"], conversation: ["对话", "Conversation"],
};
const INTENTS: Record<string, [string, string]> = {
  where_is_order: ["查物流", "Where is it"], delivery_time: ["几天到", "Delivery time"], change_address: ["改地址", "Change address"],
  cancel_order: ["取消订单", "Cancel"], modify_order: ["修改订单", "Modify order"], product_info: ["问商品", "Product"],
  size_advice: ["选尺码", "Size"], stock: ["有没有货", "Stock"], price: ["价格", "Price"], coupon: ["优惠券", "Coupon"],
  price_protection: ["价保", "Price protection"], return_right: ["能不能退", "May I return it"], start_return: ["申请退货", "Return"],
  exchange: ["换货", "Exchange"], refund_status: ["退款进度", "Refund"], invoice: ["发票", "Invoice"], warranty: ["保修", "Warranty"],
  damaged_or_missing: ["破损少件", "Damaged or missing"], complaint: ["投诉", "Complaint"], handoff: ["转人工", "A person"],
  greeting: ["打招呼", "Greeting"], thanks: ["道谢", "Thanks"], off_topic: ["别的话题", "Off topic"],
};

const of = (table: Record<string, [string, string]>) => (name: string) => (table[name] ? either(...table[name]) : name);
export const kindName = of(KINDS);
/** Of how many, as one says it beside a number. */
export function kindsName(kind: string, n: number): string {
  const one = kindName(kind);
  return lang.value !== "en" || n === 1 || kind === "stock" || kind === "event" || !KINDS[kind] ? one : `${one}s`;
}
/** A price's key ends in the moment since when it holds: more than one wants to read. */
export const shortKey = (key: string) => key.replace(/T\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/, "");
export const intentName = of(INTENTS);
