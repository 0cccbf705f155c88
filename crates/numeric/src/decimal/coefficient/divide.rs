//! Quotients of slices of limbs: Knuth's algorithm D (4.3.1), and division by halves for long ones (Burnikel and
//! Ziegler, «Fast recursive division», 1998).

use super::add::{add_to, subtract_from};
use super::limb::BASE;
use super::multiply::{multiply, multiply_in_place};
use super::{NoMemory, compare_limbs, room, trimmed, zeros};

/// From how many limbs of the divisor on halving pays.
const HALVES_FROM: usize = 80;

/// Divides by one limb, in place; gives the remainder.
pub fn divide_in_place(limbs: &mut [u64], divisor: u64) -> u64 {
    let mut remainder = 0;
    for limb in limbs.iter_mut().rev() {
        let value = u128::from(remainder) * u128::from(BASE) + u128::from(*limb);
        *limb = (value / u128::from(divisor)) as u64;
        remainder = (value % u128::from(divisor)) as u64;
    }
    remainder
}

/// Quotient and remainder, for a divisor that is not zero; either may have leading zeros.
pub fn divide(a: &[u64], b: &[u64]) -> Result<(Vec<u64>, Vec<u64>), NoMemory> {
    let (a, b) = (trimmed(a), trimmed(b));
    if a.len() < b.len() {
        let mut remainder = room(a.len())?;
        remainder.extend_from_slice(a);
        return Ok((Vec::new(), remainder));
    }
    if let [divisor] = b {
        let mut quotient = room(a.len())?;
        quotient.extend_from_slice(a);
        let remainder = divide_in_place(&mut quotient, *divisor);
        return Ok((quotient, vec![remainder]));
    }
    // With a first limb of half the base or more an estimated quotient limb is nearly right.
    let scale = BASE / (b[b.len() - 1] + 1);
    let mut divisor = room(b.len())?;
    divisor.extend_from_slice(b);
    multiply_in_place(&mut divisor, scale, 0);
    let mut rest = room(a.len() + 1)?;
    rest.extend_from_slice(a);
    let carry = multiply_in_place(&mut rest, scale, 0);
    rest.push(carry);
    let quotient =
        if divisor.len() < HALVES_FROM { schoolbook(&mut rest, &divisor)? } else { by_pieces(&mut rest, &divisor)? };
    rest.truncate(b.len());
    divide_in_place(&mut rest, scale);
    Ok((quotient, rest))
}

/// Divides a rest that begins with less than the divisor; leaves the remainder in its low limbs.
fn schoolbook(rest: &mut [u64], divisor: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let length = divisor.len();
    let count = rest.len() - length;
    let mut quotient = zeros(count)?;
    let (first, second) = (u128::from(divisor[length - 1]), u128::from(divisor[length - 2]));
    for index in (0..count).rev() {
        let window = &mut rest[index..=index + length];
        let top = u128::from(window[length]) * u128::from(BASE) + u128::from(window[length - 1]);
        let (mut estimate, mut remainder) = (top / first, top % first);
        while estimate >= u128::from(BASE)
            || estimate * second > remainder * u128::from(BASE) + u128::from(window[length - 2])
        {
            estimate -= 1;
            remainder += first;
            if remainder >= u128::from(BASE) {
                break;
            }
        }
        if subtract_product(window, divisor, estimate as u64) {
            estimate -= 1;
            add_to(window, divisor);
        }
        quotient[index] = estimate as u64;
    }
    Ok(quotient)
}

/// Takes `divisor * factor` from a window that is one limb longer; true if that went below zero.
fn subtract_product(window: &mut [u64], divisor: &[u64], factor: u64) -> bool {
    let mut carry = 0;
    let mut borrow = 0;
    for (place, limb) in window.iter_mut().zip(divisor.iter().chain(&[0])) {
        let (high, low) = super::limb::split(u128::from(*limb) * u128::from(factor) + u128::from(carry));
        carry = high;
        let (difference, underflowed) = place.overflowing_sub(low + borrow);
        borrow = u64::from(underflowed);
        *place = if underflowed { difference.wrapping_add(BASE) } else { difference };
    }
    borrow != 0
}

/// Cuts the rest into pieces of the divisor's length, and divides two by one each time.
fn by_pieces(rest: &mut Vec<u64>, divisor: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let length = divisor.len();
    let count = rest.len();
    let pieces = count.div_ceil(length);
    let mut quotient = zeros(pieces * length)?;
    rest.resize(pieces * length, 0);
    for index in (0..pieces - 1).rev() {
        let window = &mut rest[index * length..(index + 2) * length];
        let part = two_by_one(window, divisor)?;
        let place = &mut quotient[index * length..];
        place[..part.len()].copy_from_slice(&part);
    }
    Ok(quotient)
}

/// Divides a window of twice the divisor's length whose upper half is below the divisor; leaves the remainder in its low half.
fn two_by_one(window: &mut [u64], divisor: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let length = divisor.len();
    if length < HALVES_FROM {
        let mut quotient = schoolbook(window, divisor)?;
        quotient.truncate(length);
        return Ok(quotient);
    }
    let half = length / 2;
    // With an odd length the upper step makes the limb more.
    let upper = three_by_two(&mut window[half..], divisor, length - half)?;
    let lower = three_by_two(&mut window[..half + length], divisor, half)?;
    let mut quotient = lower;
    quotient.extend_from_slice(&upper);
    Ok(quotient)
}

/// `count` limbs of the quotient of a window that is `count` limbs longer than the divisor and begins with less than it.
fn three_by_two(window: &mut [u64], divisor: &[u64], count: usize) -> Result<Vec<u64>, NoMemory> {
    let length = divisor.len();
    let low = length - count;
    let (divisor_low, divisor_high) = divisor.split_at(low);
    // The first 2 * count limbs by the first count.
    let high_window = &mut window[low..];
    let mut quotient = if compare_limbs(&high_window[count..], divisor_high).is_lt() {
        two_by_one(high_window, divisor_high)?
    } else {
        // The quotient would not fit: the largest one is too large by little.
        let mut largest = room(count)?;
        largest.resize(count, BASE - 1);
        subtract_from(&mut high_window[count..], divisor_high);
        add_to(high_window, divisor_high);
        largest
    };
    quotient.resize(count, 0);
    let product = multiply(trimmed(&quotient), divisor_low)?;
    // Where the product is above the rest, the estimate is one or two too large.
    let mut negative = subtract_from(window, trimmed(&product));
    while negative {
        subtract_from(&mut quotient, &[1]);
        negative = !add_to(window, divisor);
    }
    Ok(quotient)
}
