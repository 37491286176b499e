"""The formats that are text, by the name of their file."""

from __future__ import annotations

import intake_abroad as abroad
import intake_china as china

FORMATS = {
    "ExportOrderList202611120905.csv": china.taobao_orders,
    "ExportOrderDetailList202611120905.csv": china.taobao_lines,
    "pdd.csv": china.pinduoduo,
    "douyin.csv": china.douyin,
    "orders_export.csv": abroad.shopify_orders,
    "products_export.csv": abroad.shopify_products,
    "customers_export.csv": abroad.shopify_customers,
    "amazon.txt": abroad.amazon_orders,
    "wc-products.csv": abroad.woocommerce_products,
}
