//! Sorting by an address, without comparisons where addresses are short.

use crate::ipam::Address;

/// The bits of a digit: three of them are an address of 32 bits, and the three histograms fit a first-level cache.
const DIGIT_BITS: u32 = 11;
const BUCKETS: usize = 1 << DIGIT_BITS;
const LOWEST_BITS: usize = BUCKETS - 1;

/// From how many on the histograms are worth their while.
const FEWEST: usize = 512;

/// Sorts by an address of each, stably, in O(n) where they are sorted already.
pub(in crate::ipam) fn sort_by_address<A: Address, T: Copy>(items: &mut Vec<T>, address: impl Fn(&T) -> A + Copy) {
    if items.is_sorted_by_key(address) {
        return;
    }
    if A::WIDTH <= 32 && items.len() >= FEWEST && u32::try_from(items.len()).is_ok() {
        sort_by_digits(items, |item| u32::try_from(address(item).to_bits()).unwrap_or(u32::MAX));
    } else {
        items.sort_by_key(address);
    }
}

/// How many keys there are of each digit, and in the end where the next of them goes.
type Histogram = [u32; BUCKETS];

/// A radix sort, the lowest digit first: each pass is stable, so the order of the digits before stays.
fn sort_by_digits<T: Copy>(items: &mut Vec<T>, key: impl Fn(&T) -> u32 + Copy) {
    let mut histograms: [Histogram; 3] = [[0; BUCKETS]; 3];
    let [low, middle, high] = &mut histograms;
    for item in items.iter() {
        let key = key(item);
        count(low, digit::<0>(key));
        count(middle, digit::<1>(key));
        count(high, digit::<2>(key));
    }
    let mut sorted = items.clone();
    pass::<0, T>(items, &mut sorted, low, key);
    pass::<1, T>(items, &mut sorted, middle, key);
    pass::<2, T>(items, &mut sorted, high, key);
}

/// Sorts by one digit, and leaves the result in `items`.
fn pass<const PLACE: u32, T: Copy>(
    items: &mut Vec<T>,
    sorted: &mut Vec<T>,
    histogram: &mut Histogram,
    key: impl Fn(&T) -> u32,
) {
    if histogram.iter().any(|count| usize::try_from(*count) == Ok(items.len())) {
        return; // all have the same digit
    }
    let mut before = 0_u32;
    for count in histogram.iter_mut() {
        (*count, before) = (before, before.wrapping_add(*count));
    }
    for item in items.iter() {
        let Some(place) = histogram.get_mut(digit::<PLACE>(key(item))) else { continue };
        if let Some(slot) = sorted.get_mut(usize::try_from(*place).unwrap_or(usize::MAX)) {
            *slot = *item;
        }
        *place = place.wrapping_add(1);
    }
    std::mem::swap(items, sorted);
}

fn count(histogram: &mut Histogram, digit: usize) {
    if let Some(count) = histogram.get_mut(digit) {
        *count = count.wrapping_add(1);
    }
}

fn digit<const PLACE: u32>(key: u32) -> usize {
    usize::try_from(key.wrapping_shr(PLACE.wrapping_mul(DIGIT_BITS))).unwrap_or(usize::MAX) & LOWEST_BITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{Ipv4, Ipv6, Toy};

    /// Bits without a pattern, the same in every run.
    fn scattered(count: usize) -> impl Iterator<Item = u64> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        })
        .take(count)
    }

    fn both_agree<A: Address>(addresses: Vec<A>) {
        // The place tells whether equal ones keep their order.
        let mut sorted: Vec<(A, usize)> = addresses.into_iter().zip(0..).collect();
        let mut compared = sorted.clone();
        compared.sort();
        sort_by_address(&mut sorted, |(address, _)| *address);
        assert_eq!(sorted, compared);
    }

    #[test]
    fn digits_and_comparisons_agree() {
        for count in [0, 1, 2, FEWEST - 1, FEWEST, FEWEST + 1, 10_000] {
            let ipv4 = |shift: u32| scattered(count).map(|bits| Ipv4::new((bits >> 32 >> shift) as u32)).collect();
            both_agree::<Ipv4>(ipv4(0));
            both_agree::<Ipv4>(ipv4(20)); // the high digits are all the same
            both_agree::<Ipv4>(ipv4(31)); // so are nearly all keys
            both_agree(scattered(count).map(|bits| Ipv4::new((bits as u32) & 0xffe0_0000)).collect());
            both_agree(scattered(count).map(|bits| Toy::new(bits as u8)).collect());
            both_agree(scattered(count).map(|bits| Ipv6::new(u128::from(bits) << (bits % 64))).collect());
            both_agree((0..count).rev().map(|place| Ipv4::new(u32::MAX - place as u32)).collect());
            both_agree((0..count).map(|place| Ipv4::new(place as u32)).collect());
            both_agree(vec![Ipv4::LAST; count]);
        }
    }
}
