//! Sorting by an address, by its digits where that is faster than comparing.

use crate::ipam::Address;

/// The most bits of a digit: its histogram is to fit a first-level cache.
const MOST_BITS: u32 = 12;
const BUCKETS: usize = 1 << MOST_BITS;

/// From how many on the histograms are worth their while.
const FEWEST: usize = 512;

/// How many keys there are of each digit, and in the end where the next of them goes.
type Histogram = [u32; BUCKETS];

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

/// Two passes of a radix sort, over the leading ones of the bits that differ at all; then the few that these leave in
/// one group are compared.
fn sort_by_digits<T: Copy>(items: &mut [T], key: impl Fn(&T) -> u32 + Copy) {
    let first = items.first().map_or(0, key);
    let differing = items.iter().fold(0, |bits, item| bits | (key(item) ^ first));
    // Below the highest bit that differs; what is above it is the same everywhere.
    let width = u32::BITS.saturating_sub(differing.leading_zeros());
    let spread = width.saturating_sub(differing.trailing_zeros());
    // Sixteen times as many groups as keys leave few keys together.
    let wanted = items.len().ilog2().saturating_add(4).min(2_u32.saturating_mul(MOST_BITS));
    let bits = spread.min(wanted).div_ceil(2);
    let high = width.saturating_sub(bits);
    let low = high.saturating_sub(bits);
    let mask = 1_usize.wrapping_shl(bits).wrapping_sub(1);
    let digit = move |item: &T, shift: u32| usize::try_from(key(item).wrapping_shr(shift)).unwrap_or(0) & mask;

    let mut histograms: [Histogram; 2] = [[0; BUCKETS]; 2];
    let [of_low, of_high] = &mut histograms;
    for item in items.iter() {
        count(of_low, digit(item, low));
        count(of_high, digit(item, high));
    }
    let mut sorted = items.to_vec();
    scatter(items, &mut sorted, of_low, |item| digit(item, low));
    scatter(&sorted, items, of_high, |item| digit(item, high));
    if differing.trailing_zeros() < low {
        sort_groups(items, |item| key(item).wrapping_shr(low), key);
    }
}

fn count(histogram: &mut Histogram, digit: usize) {
    if let Some(count) = histogram.get_mut(digit) {
        *count = count.wrapping_add(1);
    }
}

/// Sorts by one digit, stably.
fn scatter<T: Copy>(items: &[T], sorted: &mut [T], histogram: &mut Histogram, digit: impl Fn(&T) -> usize) {
    let mut before = 0_u32;
    for count in histogram.iter_mut() {
        (*count, before) = (before, before.wrapping_add(*count));
    }
    for item in items {
        let Some(place) = histogram.get_mut(digit(item)) else { continue };
        if let Some(slot) = sorted.get_mut(usize::try_from(*place).unwrap_or(usize::MAX)) {
            *slot = *item;
        }
        *place = place.wrapping_add(1);
    }
}

/// Sorts what stands in one group, where the groups are sorted.
fn sort_groups<T, K: Ord>(items: &mut [T], group: impl Fn(&T) -> u32, key: impl Fn(&T) -> K + Copy) {
    let mut from = 0;
    while let Some(rest) = items.get_mut(from..) {
        let Some(place) = rest.array_windows().position(|[left, right]| key(left) > key(right)) else { return };
        let Some(of) = rest.get(place).map(&group) else { return };
        let start =
            rest.iter().take(place).rposition(|item| group(item) != of).map_or(0, |last| last.saturating_add(1));
        let end = rest
            .iter()
            .skip(place)
            .position(|item| group(item) != of)
            .map_or(rest.len(), |next| next.saturating_add(place));
        if let Some(together) = rest.get_mut(start..end) {
            together.sort_by_key(key);
        }
        from = from.saturating_add(end);
    }
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
            // All bits, the low ones, the highest, one, and those of networks.
            for (shift, mask) in [(0, u32::MAX), (20, u32::MAX), (31, u32::MAX), (0, 1 << 31), (0, 0xffe0_0000)] {
                both_agree(scattered(count).map(|bits| Ipv4::new((bits >> 32) as u32 >> shift & mask)).collect());
            }
            // All but a few in one small group, and groups with a hole between them.
            let crowded =
                |bits: u64| if bits.is_multiple_of(50) { bits as u32 } else { 0x0a00_0000 | (bits as u32 & 0xff) };
            both_agree(scattered(count).map(|bits| Ipv4::new(crowded(bits))).collect());
            both_agree(scattered(count).map(|bits| Ipv4::new(bits as u32 & 0xf000_000f)).collect());
            both_agree(scattered(count).map(|bits| Toy::new(bits as u8)).collect());
            both_agree(scattered(count).map(|bits| Ipv6::new(u128::from(bits) << (bits % 64))).collect());
            both_agree((0..count).rev().map(|place| Ipv4::new(u32::MAX - place as u32)).collect());
            both_agree((0..count).map(|place| Ipv4::new(place as u32)).collect());
            both_agree(vec![Ipv4::LAST; count]);
        }
    }
}
