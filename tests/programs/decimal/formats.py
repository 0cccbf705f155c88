# The format mini-language as Decimal reads it.
from decimal import Decimal, localcontext, ROUND_UP

ROWS = """
1234567.891|_ 1234567.891|, -0.001|z.1f -0.001|.1f 1234567.891|_.2f 1234567.891|,.5_f 1234567.891|.5,f 1e20| 1e20|f 1e20|g 1e-10|g
12|# 12|#.0f 12|+ 12|% 12|.1% 12|n 12.5|012 12.5|*^12 12.5|x=12 nan|010 inf|010, -nan123|f 12|E 1|d 1|s 1|ñ^20 1|20 0E+5|f 0E+5|.2f
0E+5|e 0E-5|e 0E-5|.3e 0E+5|.3e 0|% 12345|012, 1234|<08 1234|08, 12|- 12|0 12|00 12|05 12|=05 12|.0 12|. 12|, 12|,n 12|_n 12|10.3
NaN|.3e 1.5|.0f 2.5|.0f 1e-30|.2 123.456|.2 123456|.2 123456|.2g 0.000|g 0.000|.0% -1E-99|zf 9e20|.3f 1|1_0 12345678|_d -0|z -0|z.1e
-0.000|z010 12345.6789|,.3,f 123|+010, 1|é>5 1|a^5f 1|< 1|>>5 12|#e 12|#.2 1e5|# nan|0=10 nan|0>10 nan|=10 inf|<10 1|0<5 1|0>05 1|x05
1|=5 1|+=5 -1|a=5 1|z5 -0.4|z.0f -1.4|z.0f 1|#05 1|z#05.1f 1|٣ 1|.٣f 1234.5|_, 1234.5|,_ 1.23456789|._e 1.23456789|., 1.2|g 1e-7|n
123456789|.3n 99.9|.0e 99.9|.1e 9.99|.2g 0.00001234|.1g 12e3|.1f 12e3|% 1.23e-3|% 1.235e-3|.1% 0e-10|.2g 0e10|.2g 0e-10|g 0e-10|%
0e3|e 0e3|.0e 0|.0e -0|f 1|😀^5 -inf|+^12% 1.5|e 1e30|.1e 1|1000000000000000000
"""
for row in ROWS.split():
    number, specification = row.split("|")
    try:
        print(number, specification, repr(format(Decimal(number), specification)))
    except ValueError as error:
        print(number, specification, error)

with localcontext(rounding=ROUND_UP, capitals=0):
    print(format(Decimal("1.001"), ".2f"), format(Decimal("1e30"), ""), f"{Decimal('-0.0001'):z.3f}")
for override in ({"decimal_point": ",", "thousands_sep": ".", "grouping": "\3"}, {"grouping": "\2\3", "thousands_sep": " "}, {}, 5):
    try:
        print(Decimal("123456789.25").__format__("n", override))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
