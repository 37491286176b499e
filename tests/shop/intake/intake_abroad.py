"""One file per format of Shopify, Amazon and WooCommerce, by hand with the traps of that format; persons, shops and numbers are invented."""

from __future__ import annotations

from intake_tables import rows_of

SHOPIFY_COLUMNS = [
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing", "Currency", "Subtotal",
    "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity",
    "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku", "Lineitem requires shipping", "Lineitem taxable",
    "Lineitem fulfillment status", "Billing Name", "Billing Street", "Billing Address1", "Billing Address2", "Billing Company",
    "Billing City", "Billing Zip", "Billing Province", "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street",
    "Shipping Address1", "Shipping Address2", "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province",
    "Shipping Country", "Shipping Phone", "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference",
    "Refunded Amount", "Vendor", "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source",
    "Lineitem discount",
]  # fmt: skip


def shopify_orders() -> bytes:
    """Order columns on the first row only; a zip code with an apostrophe; a note over two lines; one euro, one dollar."""
    rows = [
        {
            "Name": "#1001", "Email": "lena.vogt@example.org", "Financial Status": "paid", "Paid at": "2026-11-05 10:02:11 +0100",
            "Fulfillment Status": "fulfilled", "Fulfilled at": "2026-11-06 15:00:00 +0100", "Currency": "EUR", "Subtotal": "64.80",
            "Shipping": "4.90", "Taxes": "11.13", "Total": "69.70", "Discount Code": "HERBST10", "Discount Amount": "7.20",
            "Created at": "2026-11-05 10:02:09 +0100", "Lineitem quantity": "2", "Lineitem name": "Teekanne Celadon - 200 ml",
            "Lineitem price": "32.40", "Lineitem sku": "TH-QY-200", "Lineitem fulfillment status": "fulfilled",
            "Shipping Name": "Lena Vogt", "Shipping Street": "Hauptstraße 5, Hinterhaus", "Shipping Address1": "Hauptstraße 5",
            "Shipping Address2": "Hinterhaus", "Shipping City": "Köln", "Shipping Zip": "'01067", "Shipping Province": "",
            "Shipping Country": "DE", "Shipping Phone": "'+49 221 5550100", "Notes": "Bitte klingeln.\n2. Stock",
            "Refunded Amount": "0.00", "Id": "5512345678901234", "Source": "web",
        },
        {"Name": "#1001", "Email": "lena.vogt@example.org", "Lineitem quantity": "1", "Lineitem name": "Teesieb, fein",
         "Lineitem price": "7.20", "Lineitem sku": "TS-01", "Lineitem fulfillment status": "fulfilled"},
        {
            "Name": "#1002", "Email": "j.doe@example.com", "Financial Status": "refunded", "Fulfillment Status": "unfulfilled",
            "Currency": "USD", "Subtotal": "21.00", "Shipping": "5.00", "Taxes": "0.00", "Total": "26.00", "Discount Amount": "0.00",
            "Created at": "2026-11-07 23:59:59 -0500", "Lineitem quantity": "1", "Lineitem name": "Gaiwan", "Lineitem price": "21.00",
            "Lineitem sku": "GW-01", "Lineitem fulfillment status": "pending", "Shipping Name": "J Doe", "Shipping City": "Austin",
            "Shipping Zip": "78704", "Shipping Province": "TX", "Shipping Country": "US",
            "Cancelled at": "2026-11-08 08:00:00 -0500", "Refunded Amount": "26.00",
        },
    ]  # fmt: skip
    return rows_of(SHOPIFY_COLUMNS, rows, end="\n").encode()


def shopify_products() -> bytes:
    columns = [
        "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
        "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Qty",
        "Variant Price", "Variant Barcode", "Image Src", "Status",
    ]  # fmt: skip
    rows = [
        {
            "Handle": "celadon-teapot", "Title": "Celadon Teapot", "Body (HTML)": "<p>Hand <b>thrown</b> &amp; glazed.</p><ul><li>200 ml</li></ul>",
            "Vendor": "Mingbai", "Type": "Teapots", "Tags": "tea, celadon, gift", "Published": "true", "Option1 Name": "Size",
            "Option1 Value": "200 ml", "Variant SKU": "TH-QY-200", "Variant Grams": "420", "Variant Inventory Qty": "7",
            "Variant Price": "32.40", "Variant Barcode": "'06901234567892", "Image Src": "https://img.example/1.jpg", "Status": "active",
        },
        {"Handle": "celadon-teapot", "Option1 Value": "300 ml", "Variant Grams": "560", "Variant Inventory Qty": "-1", "Variant Price": "39.00"},
        {"Handle": "celadon-teapot", "Image Src": "https://img.example/2.jpg"},
        {"Handle": "cha-ze", "Title": "紫竹茶则", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": "CZ-3",
         "Variant Price": "6.00", "Variant Inventory Qty": "0", "Status": "draft"},
    ]  # fmt: skip
    return rows_of(columns, rows, end="\n").encode()


def shopify_customers() -> bytes:
    columns = [
        "Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Company", "Address1", "Address2", "City",
        "Province", "Province Code", "Country", "Country Code", "Zip", "Phone", "Accepts SMS Marketing", "Total Spent", "Total Orders",
        "Tags", "Note", "Tax Exempt",
    ]  # fmt: skip
    rows = [
        {"Customer ID": "'7012345678901", "First Name": "Lena", "Last Name": "Vogt", "Email": "lena.vogt@example.org", "Address1": "Hauptstraße 5",
         "City": "Köln", "Zip": "'01067", "Country": "Germany", "Country Code": "DE", "Phone": "'+492215550100", "Tags": "vip, tea"},
        {"Customer ID": "'7012345678902", "Email": "j.doe@example.com", "Country Code": "US"},
    ]  # fmt: skip
    return rows_of(columns, rows, end="\n").encode()


def amazon_orders() -> bytes:
    """Tab separated, Windows-1252, a bare quotation mark, one order over two rows, an order still without prices."""
    columns = [
        "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel",
        "sales-channel", "order-channel", "url", "ship-service-level", "product-name", "sku", "asin", "item-status", "quantity",
        "currency", "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
        "item-promotion-discount", "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code", "ship-country",
        "promotion-ids", "is-business-order", "purchase-order-number", "price-designation",
    ]  # fmt: skip
    rows = [
        {"amazon-order-id": "302-1234567-7654321", "purchase-date": "2026-11-11T19:03:04+00:00", "order-status": "Shipped",
         "fulfillment-channel": "Merchant", "sales-channel": "Amazon.de", "product-name": 'Teetablett 12" Bambus', "sku": "TB-12",
         "asin": "B0TEAXXXX1", "item-status": "Shipped", "quantity": "2", "currency": "EUR", "item-price": "59.98", "item-tax": "9.58",
         "shipping-price": "3.99", "item-promotion-discount": "6.00", "ship-city": "Köln", "ship-state": "NRW",
         "ship-postal-code": "01067", "ship-country": "DE", "is-business-order": "false"},
        {"amazon-order-id": "302-1234567-7654321", "purchase-date": "2026-11-11T19:03:04+00:00", "order-status": "Shipped",
         "product-name": "Teeschaufel", "sku": "CZ-3", "asin": "B0TEAXXXX2", "item-status": "Shipped", "quantity": "3", "currency": "EUR",
         "item-price": "20.00", "item-tax": "3.19", "ship-city": "Köln", "ship-country": "DE"},
        {"amazon-order-id": "111-0000000-0000001", "purchase-date": "2026-11-12T01:00:00+00:00", "order-status": "Pending",
         "product-name": "Gaiwan", "sku": "GW-01", "asin": "B0TEAXXXX3", "item-status": "Pending", "quantity": "0", "ship-country": "US"},
    ]  # fmt: skip
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in rows)]
    return "\n".join([*lines, ""]).encode("cp1252")


def woocommerce_products() -> bytes:
    columns = [
        "ID", "Type", "SKU", "Name", "Published", "Is featured?", "Visibility in catalog", "Short description", "Description",
        "Date sale price starts", "Date sale price ends", "Tax status", "In stock?", "Stock", "Sale price", "Regular price",
        "Categories", "Tags", "Images", "Parent", "Attribute 1 name", "Attribute 1 value(s)", "Attribute 1 visible",
        "Attribute 1 global", "Attribute 2 name", "Attribute 2 value(s)",
    ]  # fmt: skip
    rows = [
        {"ID": "11", "Type": "variable", "SKU": "", "Name": "Gaiwan", "Published": "1", "Categories": "Tea > Cups, Gifts", "Tags": "white, gift",
         "Description": "<p>Porcelain</p>", "In stock?": "1", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "White, Blue"},
        {"ID": "12", "Type": "variation", "SKU": "GW-W", "Name": "Gaiwan - White", "Published": "1", "In stock?": "1", "Stock": "5",
         "Regular price": "21", "Sale price": "18.50", "Date sale price starts": "2026-11-20", "Parent": "id:11",
         "Attribute 1 name": "Colour", "Attribute 1 value(s)": "White"},
        {"ID": "13", "Type": "variation", "SKU": "", "Name": "Gaiwan - Blue", "Published": "-1", "In stock?": "backorder", "Regular price": "22",
         "Parent": "id:11", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Blue"},
        {"ID": "14", "Type": "simple, virtual", "SKU": "KURS", "Name": "茶艺课", "Published": "0", "In stock?": "0", "Regular price": "99.00"},
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + rows_of(columns, rows, end="\n").encode()
