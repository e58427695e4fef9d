//! The shared worked cases of a portal's ranges: every case in compat mode, and each divergence by its name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

mod shared;

use counterfoil::{
    error::IpamError,
    ipam::{
        Address, Interval, Ipv4, Ipv6, Merge, Merged, MiniSplitDiff, Occupied, PlanDraft, PrefixLen, Range, Row,
        RowCheck, RowStatus, SplitLimits, UncheckedRange, split_row,
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Why a case is not what the portal says, by the divergence's number.
type Divergences = BTreeMap<&'static str, usize>;

/// The kind of a violated rule, as the cases name it, by our code.
fn kind_of(code: &str) -> &'static str {
    match code {
        "ipam.shorter_than_label" => "split_mask_lt_mask",
        "ipam.too_much_longer" => "too_many_subnets_256",
        "ipam.split_status" | "ipam.merge_status" => "bad_status",
        "ipam.not_longer" => "new_prefix_not_longer",
        "ipam.mini_split_diff" => "bad_prefixlen_diff",
        "ipam.plan_start" => "plan_start_mismatch",
        "ipam.plan_end" => "plan_end_mismatch",
        "ipam.plan_shorter" => "plan_mask_shorter_than_super",
        "ipam.plan_length" => "plan_mask_gt_max",
        "ipam.plan_reversed" => "plan_inverted",
        "ipam.plan_not_contiguous" => "plan_not_contiguous",
        "ipam.plan_not_one_network" => "piece_clean_failed",
        "ipam.empty_plan" => "empty_plan_indexerror",
        "ipam.empty_merge" => "empty_ids",
        "ipam.merge_not_found" => "missing_ids",
        "ipam.merge_shorter" => "mask_shorter_than_new",
        "ipam.merge_asn" => "asn_mismatch",
        "ipam.merge_status_differs" => "status_mismatch",
        "ipam.merge_owner" => "org_mismatch",
        "ipam.merge_not_contiguous" => "not_contiguous",
        "ipam.merge_supernet" => "not_same_supernet",
        "ipam.overlap" => "overlap",
        "ipam.not_one_network" => "network_mismatch",
        "ipam.reversed" => "end_before_start",
        "ipam.address" => "bad_address",
        _ => "no kind of these cases",
    }
}

/// The same, where the code alone does not tell: a length beyond W has another name in each file.
fn kind(error: &IpamError, too_long: &'static str) -> &'static str {
    if error.code() == "ipam.length" { too_long } else { kind_of(error.code()) }
}

/// An address: an integer in the files of IPv4, text in those of IPv6. What is no address of the family is
/// the same typed error as a text that is none.
fn address<A: Address>(value: &Value) -> Result<A, IpamError> {
    match value.as_str() {
        Some(text) => A::parse(text),
        None => value
            .as_u64()
            .and_then(|bits| A::from_bits(bits.into()))
            .ok_or_else(|| A::parse(&value.to_string()).expect_err("a number without dots is no address")),
    }
}

fn unchecked<A: Address>(first: &Value, last: &Value, length: &Value) -> Result<UncheckedRange<A>, IpamError> {
    let length = length.as_u64().and_then(|bits| u8::try_from(bits).ok()).expect("a length is small");
    Ok(UncheckedRange { first: address(first)?, last: address(last)?, length })
}

fn bits(value: &Value) -> u8 {
    value.as_u64().and_then(|bits| u8::try_from(bits).ok()).expect("a length is small")
}

fn ranges<A: Address>(list: &Value) -> Vec<Range<A>> {
    let read = |item: &Value| Range::try_from(unchecked(&item[0], &item[1], &item[2])?);
    list.as_array().expect("a list").iter().map(read).collect::<Result<_, IpamError>>().expect("ranges")
}

/// What the portal says: its result, or the kind of the rule that is violated.
fn expected(value: &Value) -> Result<&Value, &str> {
    match value["error"]["kind"].as_str() {
        Some(kind) => Err(kind),
        None if value == "ok" => Ok(value),
        None => Ok(&value["ok"]),
    }
}

fn row<A: Address>(range: Range<A>, status: &str) -> Row<A> {
    Row { id: "row".to_owned(), range, status: status.parse().expect("a status"), asn: None, owner: None }
}

// ---- split_mask ----

fn split_cases<A: Address>(file: &str, count: usize, label: &str, new: &str, divergences: &mut Divergences) -> usize {
    let Some(cases) = shared::cases(file, "cases", count) else { return 0 };
    for case in &cases {
        let range = unchecked::<A>(&case["start"], &case["end"], &case[label]).and_then(Range::try_from);
        let new = bits(&case[new]);
        let plain = expected(&case["expected"]);
        let range = match range {
            Ok(range) => range,
            Err(error) if plain == Err("split_mask_gt_max") => {
                // The portal reads the length first. So does a caller that checks it first.
                assert!(PrefixLen::<A>::new(new).is_err(), "{case}: {error}");
                continue;
            }
            Err(error) => {
                assert!(inverted(&error, plain) || beyond_its_network::<A>(&error, case, plain), "{case}: {error}");
                count_of(divergences, if error.code() == "ipam.reversed" { "D-I4 inverted" } else { "D-I5" });
                continue;
            }
        };
        let ours = PrefixLen::new(new).and_then(|length| range.split(length));
        match plain {
            Ok(pieces) => {
                let pieces = ranges::<A>(pieces);
                let split = ours.expect("a split");
                assert_eq!(split.pieces().to_u128(), Some(pieces.len() as u128));
                assert_eq!(split.clone().collect::<Vec<_>>(), pieces, "{case}");
                assert_eq!(split.is_unchanged(), new == range.length().get());
                if keeps_the_row(&pieces, range) {
                    assert!(split.is_unchanged());
                    count_of(divergences, "D-I3");
                }
            }
            Err(expected) => assert_eq!(kind(&ours.unwrap_err(), "split_mask_gt_max"), expected, "{case}"),
        }
        let Some(fake) = case.get("do_split_fake") else { continue };
        let fake = if fake == "same_as_expected" { &case["expected"] } else { fake };
        let row = row(range, case["status"].as_str().expect("a status"));
        match (split_row(&row, new, SplitLimits::PORTAL), expected(fake)) {
            (Ok(split), Ok(pieces)) => assert_eq!(split.collect::<Vec<_>>(), ranges::<A>(pieces), "{case}"),
            (Err(error), Err(expected)) => assert_eq!(kind(&error, "split_mask_gt_max"), expected, "{case}"),
            (ours, expected) => panic!("{case}: {ours:?} is not {expected:?}"),
        }
    }
    cases.len()
}

/// D-I4: the portal answers a range that ends before it begins with no pieces, or with a fault of its own.
fn inverted(error: &IpamError, portal: Result<&Value, &str>) -> bool {
    let no_pieces = portal.is_ok_and(|pieces| pieces.as_array().is_some_and(Vec::is_empty));
    error.code() == "ipam.reversed" && (no_pieces || portal == Err("other"))
}

/// D-I5: the portal drops what lies beyond the network of the start, and says nothing.
fn beyond_its_network<A: Address>(error: &IpamError, case: &Value, portal: Result<&Value, &str>) -> bool {
    let (Ok(pieces), "ipam.not_one_network") = (portal, error.code()) else { return false };
    let kept = ranges::<A>(pieces).last().map(|piece| piece.last());
    kept < address::<A>(&case["end"]).ok()
}

/// D-I3: the portal makes a new row of the same range.
fn keeps_the_row<A: Address>(pieces: &[Range<A>], range: Range<A>) -> bool {
    pieces == [range]
}

fn count_of(divergences: &mut Divergences, which: &'static str) {
    *divergences.entry(which).or_default() += 1;
}

#[test]
fn split_by_length() {
    let mut divergences = Divergences::new();
    let v4 = split_cases::<Ipv4>("ipv4_split_mask.json", 75, "mask", "split_mask", &mut divergences);
    let v6 = split_cases::<Ipv6>("ipv6_split_mask.json", 58, "prefix", "new_prefix", &mut divergences);
    if v4 + v6 > 0 {
        println!("{} cases, divergences {divergences:?}", v4 + v6);
        assert_eq!(v4 + v6, 133);
        assert_eq!(divergences, Divergences::from([("D-I3", 11), ("D-I4 inverted", 4), ("D-I5", 4)]));
    }
}

// ---- mini_split ----

fn mini_cases<A: Address>(file: &str, label: &str, divergences: &mut Divergences) -> usize {
    let Some(cases) = shared::cases(file, "cases", 66) else { return 0 };
    for case in &cases {
        let mini = || {
            let diff = MiniSplitDiff::<A>::new(bits(&case["prefixlen_diff"]))?;
            let length = PrefixLen::new(bits(&case["new_prefix"]))?;
            let range = Range::try_from(unchecked(&case["start"], &case["end"], &case[label])?)?;
            range.mini_split(length, diff)
        };
        match (mini(), expected(&case["expected"])) {
            (Ok(plan), Ok(pieces)) => assert_eq!(plan.ranges(), ranges::<A>(pieces), "{case}"),
            (Err(error), portal) if inverted(&error, portal) => count_of(divergences, "D-I4 inverted"),
            (Err(error), Err(expected)) => assert_eq!(kind(&error, "split_mask_gt_max"), expected, "{case}"),
            (ours, expected) => panic!("{case}: {ours:?} is not {expected:?}"),
        }
    }
    cases.len()
}

#[test]
fn minimal_split() {
    let mut divergences = Divergences::new();
    let v4 = mini_cases::<Ipv4>("ipv4_mini_split.json", "mask", &mut divergences);
    let v6 = mini_cases::<Ipv6>("ipv6_mini_split.json", "prefix", &mut divergences);
    if v4 + v6 > 0 {
        assert_eq!(v4 + v6, 132);
        assert_eq!(divergences, Divergences::from([("D-I4 inverted", 3)]));
    }
}

// ---- validate_plan ----

fn plan_cases<A: Address>(file: &str, divergences: &mut Divergences) -> usize {
    let Some(cases) = shared::cases(file, "cases", 58) else { return 0 };
    for case in &cases {
        let parent = unchecked(&case["super"][0], &case["super"][1], &case["super"][2]).and_then(Range::try_from);
        let parent = parent.expect("the range to be cut is one");
        let entries = case["plan"].as_array().expect("a plan").iter();
        let entries: Result<Vec<_>, _> = entries.map(|entry| unchecked::<A>(&entry[0], &entry[1], &entry[2])).collect();
        let entries = entries.expect("addresses");
        let draft = PlanDraft::new(parent, &entries);
        let first_pass = draft.check_tiling_in_portal_order().map_err(|error| kind_of(error.code()));
        assert_eq!(first_pass, expected(&case["validate"]).map(|_| ()), "{case}");
        if empty_plan(&entries, draft.check_in_portal_order().err().as_ref()) {
            count_of(divergences, "D-I4 empty plan");
            continue;
        }
        let both = draft.check_in_portal_order();
        match (&both, expected(&case["split_to_plan"])) {
            (Ok(plan), Ok(_)) => {
                assert!(plan.ranges().iter().map(|range| UncheckedRange::from(*range)).eq(entries.iter().copied()));
                assert!(draft.check().is_ok());
            }
            (Err(error), Err(expected)) => {
                assert_eq!(kind_of(error.code()), expected, "{case}");
                assert_eq!(draft.check().unwrap_err().first(), Some(error));
            }
            (ours, expected) => panic!("{case}: {ours:?} is not {expected:?}"),
        }
    }
    cases.len()
}

/// D-I4: the portal fails with `IndexError`.
fn empty_plan<A>(entries: &[UncheckedRange<A>], error: Option<&IpamError>) -> bool {
    entries.is_empty() && error.is_some_and(|error| error.code() == "ipam.empty_plan")
}

#[test]
fn plans() {
    let mut divergences = Divergences::new();
    let count = plan_cases::<Ipv4>("ipv4_validate_plan.json", &mut divergences)
        + plan_cases::<Ipv6>("ipv6_validate_plan.json", &mut divergences);
    if count > 0 {
        assert_eq!(count, 116);
        assert_eq!(divergences, Divergences::from([("D-I4 empty plan", 7)]));
    }
}

// ---- range_clean ----

fn check_cases<A: Address>(file: &str, divergences: &mut Divergences) -> usize {
    let Some(cases) = shared::cases(file, "cases", 58) else { return 0 };
    for case in &cases {
        let clean = || {
            let range = Range::try_from(unchecked::<A>(&case["start"], &case["end"], &case["mask"])?)?;
            let existing = case["existing"].as_array().expect("rows").iter().map(|row| {
                let interval = Interval::new(address::<A>(&row[1])?, address(&row[2])?)?;
                Ok(Occupied { id: row[0].as_str().expect("an id"), interval })
            });
            let existing: Vec<Occupied<'_, A>> = existing.collect::<Result<_, IpamError>>()?;
            let excluded = case["exclude_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let mut check = RowCheck::new(range).excluding(excluded);
            if let Some(own) = case["id"].as_str() {
                check = check.of_row(own);
            }
            let first = check.check(existing.iter().copied());
            // All of them begin with the first.
            let all = check.overlaps(existing.iter().copied());
            assert_eq!(all.first().copied(), check.first_overlap(existing.iter().copied()));
            assert_eq!(all.is_empty(), first.is_ok());
            first.map(|()| range)
        };
        match (clean(), expected(&case["expected"])) {
            (Ok(range), portal) if the_whole_family(range, portal) => count_of(divergences, "D-I2"),
            (Ok(_), Ok(_)) => {}
            (Err(error), Err(expected)) => {
                assert_eq!(kind(&error, "bad_mask"), expected, "{case}");
                if let IpamError::Overlap { with, .. } = &error {
                    let named = with.replace('-', " - ");
                    let message = case["expected"]["error"]["message"].as_str().expect("a message");
                    assert!(message.contains(&format!("地址段({named} /")), "{message} is not of {named}");
                }
                if bad_address(&error) {
                    count_of(divergences, "bad address, typed");
                }
            }
            (ours, expected) => panic!("{case}: {ours:?} is not {expected:?}"),
        }
        if own_id_is_excluded(case) {
            // What is there of its own, and of all that is excluded, does not count.
            assert!(!case["existing"].as_array().expect("rows").is_empty());
            count_of(divergences, "D-I1");
        }
    }
    cases.len()
}

/// D-I1: a row's own id stands among the excluded ids, and a row of that id is there.
fn own_id_is_excluded(case: &Value) -> bool {
    let own = &case["id"];
    let excluded = case["exclude_ids"].as_array().is_some_and(|ids| ids.contains(own));
    excluded && case["existing"].as_array().is_some_and(|rows| rows.iter().any(|row| row[0] == *own))
}

/// The portal fails with an `AddressValueError`.
fn bad_address(error: &IpamError) -> bool {
    error.code() == "ipam.address"
}

/// D-I2: the portal refuses `0.0.0.0/0`, whose size is one more than its largest number.
fn the_whole_family<A: Address>(range: Range<A>, portal: Result<&Value, &str>) -> bool {
    range.interval() == Interval::WHOLE && portal == Err("too_large")
}

#[test]
fn check_of_a_row() {
    let mut divergences = Divergences::new();
    let count = check_cases::<Ipv4>("ipv4_range_clean.json", &mut divergences)
        + check_cases::<Ipv6>("ipv6_range_clean.json", &mut divergences);
    if count > 0 {
        assert_eq!(count, 116);
        assert_eq!(divergences, Divergences::from([("D-I1", 2), ("D-I2", 2), ("bad address, typed", 3)]));
    }
}

// ---- merge ----

fn merge_cases<A: Address>(file: &str) -> usize {
    let Some(cases) = shared::cases(file, "cases", 50) else { return 0 };
    for case in &cases {
        let mut rows: Vec<Row<A>> = case["rows"].as_array().expect("rows").iter().map(merge_row).collect();
        let of_rows: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let of_rows: Vec<&str> = of_rows.iter().map(String::as_str).collect();
        let length = bits(&case["new_prefix"]);

        // `merge_validate` is of the rows that there are, whoever asked for them, and knows no others.
        let validate = Merge { rows: &rows, ids: &of_rows, length }.merge_in_portal_order();
        agree(validate.map(drop), expected(&case["merge_validate"]).map(drop), case);

        // `do_merge_fake` is of ids, beside another row.
        if let Some(other) = case["other_existing_range"].as_array() {
            let range = Range::try_from(unchecked(&other[0], &other[1], &other[2]).expect("addresses"));
            rows.push(Row { id: "other".to_owned(), ..row(range.expect("a range"), "assigned") });
        }
        let ids: Vec<&str> = case["merge_ids"].as_array().expect("ids").iter().filter_map(Value::as_str).collect();
        let merge = Merge { rows: &rows, ids: &ids, length };
        let merged = merge.merge_in_portal_order();
        assert_eq!(merge.merge().err().map(|all| all[0].clone()), merged.as_ref().err().cloned(), "{case}");
        match expected(&case["do_merge_fake"]) {
            Ok(portal) => same_row(&merged.expect("a merge"), portal),
            Err(kind) => agree(merged.map(drop), Err(kind), case),
        }
    }
    cases.len()
}

fn merge_row<A: Address>(value: &Value) -> Row<A> {
    let range = unchecked(&value["start"], &value["end"], &value["mask"]).and_then(Range::try_from);
    Row {
        id: value["id"].as_str().expect("an id").to_owned(),
        range: range.expect("a stored range is one"),
        status: value["status"].as_str().expect("a status").parse().expect("a status"),
        asn: value["asn"].as_u64().and_then(|asn| u32::try_from(asn).ok()),
        owner: Some(&value["org"]).filter(|org| !org.is_null()).map(Value::to_string),
    }
}

fn agree(ours: Result<(), IpamError>, portal: Result<(), &str>, case: &Value) {
    assert_eq!(ours.map_err(|error| kind(&error, "new outside 1..W")), portal, "{case}");
}

/// Start, end, length, status, and the name: of a new row its network's, of one that is kept its own.
fn same_row<A: Address>(merged: &Merged<A>, portal: &Value) {
    let range = Range::<A>::try_from(unchecked(&portal[0], &portal[1], &portal[2]).expect("addresses"));
    assert_eq!(merged.range(), range.expect("a range"));
    assert_eq!(merged.status(), portal[3].as_str().expect("a status").parse::<RowStatus>().expect("a status"));
    match merged.unchanged() {
        Some(_) => assert!(portal[4].is_null() || portal[4] == "n", "{portal}"),
        None => assert_eq!(portal[4], merged.range().network().to_string()),
    }
}

#[test]
fn merges() {
    let count = merge_cases::<Ipv4>("ipv4_merge.json") + merge_cases::<Ipv6>("ipv6_merge.json");
    if count > 0 {
        assert_eq!(count, 100);
    }
}

// ---- worked examples ----

#[test]
fn worked_examples() {
    let operations = ["ipv4_split", "ipv4_merge", "ipv4_mini_split"];
    let Some(examples) = shared::examples("worked_examples.json", "op", &operations, 6) else { return };
    for example in &examples {
        let (inputs, expected) = (&example["inputs"], &example["expected"]);
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let texts = |list: &Value| list.as_array().expect("a list").iter().map(text).collect::<Vec<String>>();
        let written = |range: &Range<Ipv4>| UncheckedRange::from(*range).to_string();
        let of_ends = || Range::try_from(unchecked::<Ipv4>(&inputs["start"], &inputs["end"], &inputs["mask"])?);
        let length = PrefixLen::<Ipv4>::new(bits(&inputs["new_prefix"])).expect("a length");
        match example["op"].as_str() {
            Some("ipv4_split") => {
                let pieces: Vec<String> = of_ends()
                    .and_then(|range| range.split(length))
                    .expect("a split")
                    .map(|piece| written(&piece))
                    .collect();
                assert_eq!(pieces, texts(&expected["ranges"]), "{example}");
            }
            Some("ipv4_mini_split") => {
                let diff = MiniSplitDiff::new(bits(&inputs["prefixlen_diff"])).expect("a difference");
                let plan = of_ends().and_then(|range| range.mini_split(length, diff)).expect("a plan");
                let pieces: Vec<String> = plan.ranges().iter().map(written).collect();
                let (first, tail) = (texts(&expected["first"]), texts(&expected["tail"]));
                assert_eq!(Some(pieces.len() as u64), expected["count"].as_u64());
                assert!(pieces.starts_with(&first) && pieces.ends_with(&tail), "{pieces:?}");
                let of_length = plan.ranges().iter().filter(|range| range.length() == length).count();
                assert_eq!(Some(of_length as u64), expected["target_prefix_count"].as_u64());
            }
            _ => {
                let ranges = texts(&inputs["ranges"]);
                let rows: Vec<Row<Ipv4>> = ranges
                    .iter()
                    .map(|range| Row { id: range.clone(), ..row(range.parse().expect("a range"), "wait") })
                    .collect();
                let ids: Vec<&str> = ranges.iter().map(String::as_str).collect();
                let merged = Merge { rows: &rows, ids: &ids, length: length.get() }.merge_in_portal_order();
                match expected["range"].as_str() {
                    Some(range) => assert_eq!(written(&merged.expect("a merge").range()), range),
                    None => assert_eq!(
                        (merged.unwrap_err().code(), &expected["error"]),
                        ("ipam.merge_not_contiguous", &Value::from("not contiguous"))
                    ),
                }
            }
        }
    }
}
