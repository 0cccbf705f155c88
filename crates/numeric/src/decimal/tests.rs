//! Results that are easy to see, one group an operation; the module's tests compare with the reference at length.

use super::*;

const CONTEXT: Context =
    Context { precision: 28, emax: 999_999, emin: -999_999, rounding: Rounding::HalfEven, clamp: false };

fn number(text: &str) -> Decimal {
    parse::parse_exact(text.as_bytes(), &mut Status::NONE.clone())
}

type Binary = fn(&Decimal, &Decimal, &Context, &mut Status) -> Decimal;
type Unary = fn(&Decimal, &Context, &mut Status) -> Decimal;

fn binary(operation: Binary, a: &str, b: &str) -> String {
    text::to_scientific(&operation(&number(a), &number(b), &CONTEXT, &mut Status::default()), true)
}

fn unary(operation: Unary, a: &str) -> String {
    text::to_scientific(&operation(&number(a), &CONTEXT, &mut Status::default()), true)
}

#[test]
fn text_comes_back() {
    for text in
        ["0", "-0", "0.00", "0E+5", "1.5E+10", "1E-7", "0.000001", "123456789012345678901234567890123456789012345"]
    {
        assert_eq!(text::to_scientific(&number(text), true), text);
    }
    assert_eq!(text::to_engineering(&number("123E+1"), true), "1.23E+3");
    assert_eq!(text::to_engineering(&number("0E+1"), true), "0.00E+3");
    assert_eq!(text::to_engineering(&number("1E-9"), true), "1E-9");
}

#[test]
fn sums_and_products() {
    assert_eq!(binary(add::add, "1.20", "3.4"), "4.60");
    assert_eq!(
        binary(add::add, "1E+30", "-1E-30"),
        "1000000000000000000000000000000"
            .replace("1000000000000000000000000000000", "1.000000000000000000000000000E+30")
    );
    assert_eq!(binary(add::subtract, "1.3", "1.30"), "0.00");
    assert_eq!(binary(multiply::multiply, "1.20", "3"), "3.60");
    assert_eq!(
        binary(multiply::multiply, "99999999999999999999", "99999999999999999999"),
        "9.999999999999999999800000000E+39"
    );
}

#[test]
fn quotients() {
    assert_eq!(binary(divide::divide, "1", "3"), "0.3333333333333333333333333333");
    assert_eq!(binary(divide::divide, "2.400", "2.0"), "1.20");
    assert_eq!(binary(divide::divide, "1000", "100"), "10");
    assert_eq!(binary(divide::remainder, "10", "-3"), "1");
    assert_eq!(binary(divide::remainder_near, "10", "6"), "-2");
}

#[test]
fn transcendental_functions() {
    assert_eq!(unary(exponential::exponential, "1"), "2.718281828459045235360287471");
    assert_eq!(unary(exponential::exponential, "-1.5"), "0.2231301601484298289332804708");
    assert_eq!(unary(logarithm::natural, "10"), "2.302585092994045684017991455");
    assert_eq!(unary(logarithm::natural, "0.999"), "-0.001000500333583533500142982254");
    assert_eq!(unary(logarithm::to_base_ten, "2"), "0.3010299956639811952137388947");
    assert_eq!(unary(square_root::square_root, "2"), "1.414213562373095048801688724");
    assert_eq!(unary(square_root::square_root, "6.25"), "2.5");
    assert_eq!(binary(power::power, "2", "0.5"), "1.414213562373095048801688724");
    assert_eq!(binary(power::power, "7", "-3"), "0.002915451895043731778425655977");
}
