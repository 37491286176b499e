import { words } from "../words";

/** As `permit/certificate.py` says them; a name that is not here is shown as it is. */
export const said = words(
  {
    title: "个人信息删除证明",
    lead: (keys: string) => `这个人的数据已经删除，销毁密钥 ${keys} 把。名字不在证明里；旁边的盐值能证明它说的是谁。`,
    law: "依据",
    all: "全部",
    thens: { erased: "已删除", unreadable: "密钥已销毁，读不出", kept: "只留事实，不含个人字段" },
    why: "为什么要留",
    stores: {
      talks: "柜台对话", sessions: "登录与链接", shop: "店铺数据库", openings: "收据密封内容", search: "搜索索引", memory: "对话记忆",
      consents: "同意账本", register: "请求登记", log: "收据日志", keys: "密钥文件", backups: "删除前的备份",
    } as Record<string, string>,
    kinds: {
      customer: "顾客", order: "订单", line: "订单行", shipment: "包裹", event: "物流扫描", return: "退换货", invoice: "发票申请",
      review: "评价", conversation: "对话", said: "消息", action: "代客改动", personal: "个人字段", opening: "问与答",
      consent: "同意记录", register: "登记", receipt: "收据", key: "密钥", session: "本人打开的会话",
    } as Record<string, string>,
    classes: {
      contact: "姓名、电话、邮箱、地址、留言", conversation: "对话和收据的密封内容", review: "评价", transaction: "交易事实：商品、金额、时间、状态、单号",
      invoice: "发票抬头、税号、收票邮箱", consent: "同意记录（以摘要指认本人）", receipt: "收据", register: "请求登记",
    } as Record<string, string>,
  },
  {
    title: "Certificate of erasure",
    lead: (keys: string) => `This person's data are erased; ${keys} keys were destroyed. The certificate holds no name; the salt beside it shows whose it is.`,
    law: "By",
    all: "all",
    thens: { erased: "Erased", unreadable: "Cannot be read: the keys are gone", kept: "Facts stay, nothing personal in them" },
    why: "Why something stays",
    stores: {
      talks: "Conversations of the counter", sessions: "Sessions and links", shop: "The shop's database", openings: "Sealed contents of receipts",
      search: "Search index", memory: "Conversations remembered", consents: "Consent ledger", register: "Register of requests",
      log: "The receipts' log", keys: "File of keys", backups: "Backups made before",
    } as Record<string, string>,
    kinds: {
      customer: "customer", order: "orders", line: "order lines", shipment: "parcels", event: "scans of parcels", return: "returns",
      invoice: "invoice requests", review: "reviews", conversation: "conversations", said: "messages", action: "changes made for them",
      personal: "personal fields", opening: "questions and answers", consent: "records of consent", register: "entries",
      receipt: "receipts", key: "keys", session: "those that they opened",
    } as Record<string, string>,
    classes: {
      contact: "Names, phones, e-mails, addresses, remarks", conversation: "Conversations and sealed contents of receipts", review: "Reviews",
      transaction: "Facts of the trade: goods, sums, times, states, numbers", invoice: "Invoice titles, tax codes, addresses for invoices",
      consent: "Records of consent (the person stands in them as a digest)", receipt: "Receipts", register: "Register of requests",
    } as Record<string, string>,
  },
);
