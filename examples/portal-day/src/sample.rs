//! The sample: an input folder of a small portal, made from a seed and always the same for it.
//!
//! The folder that is built into the program is the one of [`SEED`]; a test makes it again and compares.

mod month;

use anyhow::{Context, Result};
use month::{Late, Really};
use std::{fs, path::Path};

/// The seed of the sample that is built in.
pub(crate) const SEED: u64 = 7;

/// The files of the sample that is built in.
const SHIPPED: [(&str, &str); 18] = [
    ("portal.toml", include_str!("../sample/portal.toml")),
    ("rates.toml", include_str!("../sample/rates.toml")),
    ("units.csv", include_str!("../sample/units.csv")),
    ("accounts.csv", include_str!("../sample/accounts.csv")),
    ("coupons.csv", include_str!("../sample/coupons.csv")),
    ("resources.csv", include_str!("../sample/resources.csv")),
    ("spans.csv", include_str!("../sample/spans.csv")),
    ("samples.csv", include_str!("../sample/samples.csv")),
    ("scans.csv", include_str!("../sample/scans.csv")),
    ("codes.csv", include_str!("../sample/codes.csv")),
    ("topups.csv", include_str!("../sample/topups.csv")),
    ("redeems.csv", include_str!("../sample/redeems.csv")),
    ("orders.csv", include_str!("../sample/orders.csv")),
    ("items.csv", include_str!("../sample/items.csv")),
    ("locks.csv", include_str!("../sample/locks.csv")),
    ("plans.csv", include_str!("../sample/plans.csv")),
    ("refunds.csv", include_str!("../sample/refunds.csv")),
    ("late.csv", include_str!("../sample/late.csv")),
];

const USERS: [&str; 42] = [
    "ada",
    "alan",
    "anita",
    "barbara",
    "bjarne",
    "butler",
    "carl",
    "dennis",
    "donald",
    "edith",
    "edsger",
    "emmy",
    "frances",
    "fred",
    "gladys",
    "grace",
    "guido",
    "hedy",
    "ivan",
    "jean",
    "john",
    "joan",
    "karen",
    "katherine",
    "ken",
    "leslie",
    "lynn",
    "margaret",
    "mary",
    "niklaus",
    "noether",
    "peter",
    "radia",
    "robin",
    "rosa",
    "shafi",
    "sophie",
    "tim",
    "tony",
    "ursula",
    "vint",
    "whitfield",
];

const GROUPS: [&str; 18] = [
    "astro",
    "bio",
    "chem",
    "climate",
    "crystal",
    "earth",
    "fusion",
    "genome",
    "geo",
    "hep",
    "imaging",
    "linguistics",
    "materials",
    "neuro",
    "ocean",
    "photonics",
    "plasma",
    "robotics",
];

/// The servers whose lives were corrected, by their places.
const LATE_ENDED: usize = 14;
const LATE_LARGER: usize = 31;
/// How many resources of each kind: 400.
const SERVERS: usize = 130;
const DISKS: usize = 90;
const SNAPSHOTS: usize = 50;
const BUCKETS: usize = 50;
const SITES: usize = 40;
const SCANS: usize = 40;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// 2024-03-30T00:00:00Z, in seconds of UNIX.
const FIRST: i64 = 1_711_756_800;
/// When the clocks of Berlin go forward: 2024-03-31T01:00:00Z.
const CLOCK_CHANGE: i64 = FIRST + 25 * HOUR;

/// A file of the sample that is built in.
pub(crate) fn shipped(file: &str) -> Option<&'static str> {
    SHIPPED.into_iter().find(|(name, _)| *name == file).map(|(_, text)| text)
}

/// Writes the sample of a seed into a folder.
pub(crate) fn write(seed: u64, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("can not make the folder {}", folder.display()))?;
    let made = Sample::of(seed);
    let month = month::files();
    let month = month.iter().map(|(name, text)| (*name, text.as_str()));
    let by_hand = SHIPPED.into_iter().filter(|(name, _)| name.ends_with(".toml"));
    for (name, text) in by_hand.chain(made.files()).chain(month) {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("can not write {}", path.display()))?;
    }
    Ok(())
}

/// The tables of a sample, as they are being made.
struct Sample {
    random: Random,
    accounts: String,
    coupons: String,
    resources: String,
    spans: String,
    samples: String,
    scans: String,
    late: String,
}

/// What a resource is made of: the cells of `spans.csv` after the mode, without those at the end.
type Cells = Vec<String>;

impl Sample {
    fn of(seed: u64) -> Self {
        let mut sample = Self {
            random: Random(seed),
            accounts: "owner_kind,owner,balance,currency\n".to_owned(),
            coupons:
                "coupon,owner_kind,owner,unit,order,face_value,balance,currency,status,effective,expiration,created\n"
                    .to_owned(),
            resources: "resource,kind,owner_kind,owner,unit,metered_by\n".to_owned(),
            spans: format!("resource,start,end,mode,{}\n", PARTS.join(",")),
            samples: "resource,at,size,unit\n".to_owned(),
            scans: "resource,at,web:count,host:count\n".to_owned(),
            late: format!("known,resource,start,end,mode,{}\n", PARTS.join(",")),
        };
        sample.make_accounts();
        sample.make_coupons();
        (0..SERVERS).for_each(|index| sample.server(index));
        (0..DISKS).for_each(|index| sample.disk(index));
        (0..SNAPSHOTS).for_each(|index| sample.snapshot(index));
        (0..BUCKETS).for_each(|index| sample.bucket(index));
        (0..SITES).for_each(|index| sample.site(index));
        (0..SCANS).for_each(|index| sample.scan(index));
        sample
    }

    fn files(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("units.csv", UNITS),
            ("accounts.csv", &self.accounts),
            ("coupons.csv", &self.coupons),
            ("resources.csv", &self.resources),
            ("spans.csv", &self.spans),
            ("samples.csv", &self.samples),
            ("scans.csv", &self.scans),
            ("late.csv", &self.late),
        ]
        .into_iter()
    }

    /// Most have something, some have nothing, some owe already.
    fn make_accounts(&mut self) {
        for (index, owner) in owners().enumerate() {
            let cents = match index % 12 {
                3 => 0,
                5 => -self.random.between(500, 9_000),
                7 => self.random.between(100, 1_500),
                _ => self.random.between(12_000, 180_000),
            };
            line(&mut self.accounts, &[&owner, &money(cents), "EUR"]);
        }
    }

    fn make_coupons(&mut self) {
        for (index, owner) in owners().enumerate() {
            let group = owner.starts_with("group");
            // A group may hold coupons of servers alone (R-W5).
            let unit = if group { "hpc-nord" } else { pick(&["hpc-nord", "hpc-sued", "objects", "watch"], index) };
            let face = self.random.between(3_000, 30_000) / 100 * 100;
            match index % 6 {
                // About to expire: it pays for the first day only, and before the other one.
                0 => {
                    self.coupon(&owner, unit, "", face, face, FIRST + 33 * HOUR, "available");
                    self.coupon(&owner, unit, "", 5_000, 3_120, FIRST + 90 * DAY, "available");
                }
                1 => self.coupon(&owner, unit, "", face, face / 2, FIRST + 30 * DAY, "available"),
                // For one statement alone, in the days of Berlin and in those of UTC.
                2 => {
                    for (zone, day) in [("Europe/Berlin", "2024-03-31"), ("UTC", "2024-03-31")] {
                        let order = format!("{day}/{zone}/{}/hpc-nord/server/0", owner.replace(',', "/"));
                        self.coupon(&owner, "hpc-nord", &order, 1_500, 1_500, FIRST + 60 * DAY, "available");
                    }
                }
                3 if index % 4 == 1 => self.coupon(&owner, unit, "", face, face, FIRST + 60 * DAY, "cancelled"),
                // Used up, and expired before the first day.
                3 => {
                    self.coupon(&owner, unit, "", face, 0, FIRST + 60 * DAY, "available");
                    self.coupon(&owner, unit, "", face, face, FIRST - DAY, "available");
                }
                _ => {}
            }
        }
        for _ in 0..4 {
            self.coupon(",", "hpc-sued", "", 10_000, 10_000, FIRST + 120 * DAY, "wait");
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one for each thing that differs between the coupons above")]
    fn coupon(&mut self, owner: &str, unit: &str, order: &str, face: i64, balance: i64, expiration: i64, status: &str) {
        let number = self.coupons.lines().count();
        let created = FIRST - self.random.between(10, 200) * DAY;
        let cells = [
            &format!("C-{number:04}"),
            owner,
            unit,
            order,
            &money(face),
            &money(balance),
            "EUR",
            status,
            &instant(created + DAY),
            &instant(expiration),
            &instant(created),
        ];
        line(&mut self.coupons, &cells);
    }

    fn server(&mut self, index: usize) {
        let id = format!("srv-{:04}", index + 1);
        let owner = self.owner();
        let unit = pick(&["hpc-nord", "hpc-nord", "hpc-sued"], index);
        self.resource(&id, "server", &owner, unit, "spans");
        let first = self.server_cells(index);
        let second = self.server_cells(index);
        let created = FIRST - self.random.between(1, 300) * DAY + self.random.between(0, DAY);
        let (early, late) = self.two_moments();
        self.late(index, &id, created, &first);
        match index % 16 {
            // Rebuilt once, twice, at the very moment when the clocks went forward, and while it was off.
            1 | 9 => {
                self.life(&id, &[(created, Some(early), "post_paid", &first), (early, None, "post_paid", &second)])
            }
            2 => {
                let third = self.server_cells(index);
                let spans = [
                    (created, Some(early), "post_paid", &first),
                    (early, Some(late), "post_paid", &second),
                    (late, None, "post_paid", &third),
                ];
                self.life(&id, &spans);
            }
            3 => {
                let change = CLOCK_CHANGE;
                self.life(&id, &[(created, Some(change), "post_paid", &first), (change, None, "post_paid", &second)]);
            }
            4 => self.life(&id, &[(created, Some(early), "post_paid", &first), (late, None, "post_paid", &second)]),
            // Converted to pre-paid, and rebuilt before that.
            5 | 13 => self.life(&id, &[(created, Some(early), "post_paid", &first), (early, None, "pre_paid", &first)]),
            6 => {
                let spans = [
                    (created, Some(early), "post_paid", &first),
                    (early, Some(late), "post_paid", &second),
                    (late, None, "pre_paid", &second),
                ];
                self.life(&id, &spans);
            }
            7 => self.life(&id, &[(created, None, "pre_paid", &first)]),
            // Deleted, created and deleted within a day, created late.
            8 => self.life(&id, &[(created, Some(late), "post_paid", &first)]),
            10 => {
                let end = early + self.random.between(3, 200) * MINUTE;
                self.life(&id, &[(early, Some(end), "post_paid", &first)]);
            }
            11 => self.life(&id, &[(late, None, "post_paid", &first)]),
            12 => self.life(&id, &[(created, None, "quota", &first)]),
            _ => self.life(&id, &[(created, None, "post_paid", &first)]),
        }
    }

    /// Two lives were otherwise than anybody said: one was over on the 9th already, one larger from then on.
    fn late(&mut self, index: usize, id: &str, created: i64, cells: &[String]) {
        let at = FIRST - 21 * DAY + 12 * HOUR;
        let larger: Vec<String> = ["1", "16", "64", "200", "1"].map(str::to_owned).to_vec();
        let really = match index {
            LATE_ENDED => Really::EndedOn(at),
            LATE_LARGER => Really::ChangedOn(at, &larger),
            _ => return,
        };
        Late { resource: id, created, cells, really }.write(&mut self.late, PARTS.len());
    }

    /// `base, cpu, ram, disk, public_ip, gpu[A100-80G], gpu[T4]`
    fn server_cells(&mut self, index: usize) -> Cells {
        let cores = self.random.of([1, 2, 2, 4, 4, 8, 16]);
        let ram = cores * self.random.of([2, 4, 4, 8]);
        let disk = self.random.of([20, 50, 100, 200]);
        let public_ip = self.random.between(0, 1);
        let mut cells: Cells = [1, cores, ram, disk, public_ip].iter().map(ToString::to_string).collect();
        if index.is_multiple_of(19) {
            cells.push(self.random.of(["250", "460", "500", "1000"]).to_string());
        } else if index.is_multiple_of(13) {
            cells.extend([String::new(), "1".to_owned()]);
        }
        cells
    }

    fn disk(&mut self, index: usize) {
        let id = format!("dsk-{:04}", index + 1);
        let owner = self.owner();
        self.resource(&id, "disk", &owner, pick(&["hpc-nord", "hpc-sued"], index), "spans");
        let created = FIRST - self.random.between(1, 300) * DAY + self.random.between(0, DAY);
        let (early, late) = self.two_moments();
        let gib = self.random.between(1, 40) * 10;
        let (small, large) = (size(gib), size(gib * 2));
        match index % 10 {
            // Expanded, converted, deleted, given for free, expanded and then converted.
            1 | 6 => self.life(&id, &[(created, Some(early), "post_paid", &small), (early, None, "post_paid", &large)]),
            2 => self.life(&id, &[(created, Some(late), "post_paid", &small), (late, None, "pre_paid", &small)]),
            3 => self.life(&id, &[(created, Some(early), "post_paid", &small)]),
            4 => self.life(&id, &[(created, None, "quota", &small)]),
            5 => {
                let spans = [
                    (created, Some(early), "post_paid", &small),
                    (early, Some(late), "post_paid", &large),
                    (late, None, "pre_paid", &large),
                ];
                self.life(&id, &spans);
            }
            _ => self.life(&id, &[(created, None, "post_paid", &small)]),
        }
    }

    fn snapshot(&mut self, index: usize) {
        let id = format!("snp-{:04}", index + 1);
        let owner = self.owner();
        self.resource(&id, "snapshot", &owner, "hpc-nord", "spans");
        let (early, late) = self.two_moments();
        let created = if index.is_multiple_of(3) { early } else { FIRST - self.random.between(1, 90) * DAY };
        let cells = size(self.random.between(5, 200));
        let end = index.is_multiple_of(7).then_some(late);
        self.life(&id, &[(created, end, "post_paid", &cells)]);
    }

    /// A base by its span, a size by samples: of midnight, or of every six hours.
    fn bucket(&mut self, index: usize) {
        let id = format!("bkt-{:04}", index + 1);
        let owner = self.owner();
        let often = index.is_multiple_of(2);
        let policy = if often { "samples_time_weighted" } else { "samples_point" };
        self.resource(&id, "bucket", &owner, "objects", policy);
        let created = FIRST - self.random.between(2, 300) * DAY;
        let end = (index % 11 == 5).then(|| self.two_moments().0);
        let mode = if index % 17 == 3 { "quota" } else { "post_paid" };
        self.life(&id, &[(created, end, mode, &vec!["1".to_owned()])]);
        let mut bytes = self.random.between(1 << 20, 1 << 39);
        month::earlier_samples(&mut self.samples, &id, bytes);
        let (step, count) = if often { (6 * HOUR, 17) } else { (DAY, 5) };
        for sample in 0..count {
            let at = FIRST - DAY + sample * step;
            line(&mut self.samples, &[&id, &instant(at), &bytes.to_string(), "byte"]);
            bytes = (bytes + self.random.between(-(1 << 32), 1 << 33)).max(0);
        }
    }

    /// base, tamper, security
    fn site(&mut self, index: usize) {
        let id = format!("sit-{:04}", index + 1);
        let owner = self.owner();
        self.resource(&id, "site", &owner, "watch", "spans");
        let created = FIRST - self.random.between(1, 300) * DAY;
        let (early, late) = self.two_moments();
        let cells = |tamper: usize, security: usize| {
            let mut cells: Cells = vec!["1".to_owned()];
            cells.extend(std::iter::repeat_n(String::new(), 7));
            cells.extend([tamper.to_string(), security.to_string()]);
            cells
        };
        let (before, after) = (cells(index % 2, 0), cells(1, index % 3 % 2));
        match index % 8 {
            2 => self.life(&id, &[(created, Some(early), "post_paid", &before), (early, None, "post_paid", &after)]),
            5 => self.life(&id, &[(created, Some(late), "post_paid", &before)]),
            _ => self.life(&id, &[(created, None, "post_paid", &before)]),
        }
    }

    fn scan(&mut self, index: usize) {
        let id = format!("scn-{:04}", index + 1);
        let owner = self.owner();
        self.resource(&id, "scan", &owner, "scanner", "task");
        let at = FIRST + self.random.between(0, 70 * HOUR);
        let (web, host) = self.random.of([("1", "0"), ("0", "1"), ("1", "1")]);
        line(&mut self.scans, &[&id, &instant(at), web, host]);
    }

    fn resource(&mut self, id: &str, kind: &str, owner: &str, unit: &str, metered_by: &str) {
        line(&mut self.resources, &[id, kind, owner, unit, metered_by]);
    }

    fn life(&mut self, id: &str, spans: &[(i64, Option<i64>, &str, &Cells)]) {
        for (start, end, mode, cells) in spans {
            let (start, end) = (instant(*start), end.map(instant).unwrap_or_default());
            let missing = PARTS.len().saturating_sub(cells.len());
            let cells = cells.iter().map(String::as_str).chain(std::iter::repeat_n("", missing));
            let cells: Vec<&str> = [id, &start, &end, mode].into_iter().chain(cells).collect();
            line(&mut self.spans, &cells);
        }
    }

    /// Two moments of the three days, an hour apart at least; some to the second, most to the minute.
    fn two_moments(&mut self) -> (i64, i64) {
        let early = FIRST + self.random.between(1, 35 * 60) * MINUTE + self.random.of([0, 0, 0, 17]);
        (early, early + self.random.between(60, 33 * 60) * MINUTE)
    }

    /// An owner, as `kind,id`: two thirds users, and a few of both with much more than others.
    fn owner(&mut self) -> String {
        let count = USERS.len() + GROUPS.len();
        let owner = self.random.below(count).min(self.random.below(count + 20));
        // 37 has no divisor in common with 60, so each place is another owner.
        owners().nth(owner * 37 % count).unwrap_or_default()
    }
}

const UNITS: &str = "\
unit,application,category
hpc-nord,portal,server
hpc-sued,portal,server
objects,portal,other
watch,portal,other
scanner,portal,other
";

/// The columns of `spans.csv` after the mode. The size of a bucket is not among its cells: it is sampled.
const PARTS: [&str; 10] = [
    "base:count",
    "cpu:core",
    "ram:GiB",
    "disk:GiB",
    "public_ip:count",
    "gpu[A100-80G]:milli_card",
    "gpu[T4]:card",
    "size:GiB",
    "tamper:count",
    "security:count",
];

/// All owners, as `kind,id`.
fn owners() -> impl Iterator<Item = String> {
    let users = USERS.iter().map(|id| format!("user,{id}"));
    users.chain(GROUPS.iter().map(|id| format!("group,{id}")))
}

/// The cells of a disk or a snapshot.
fn size(gib: i64) -> Cells {
    let mut cells: Cells = std::iter::repeat_n(String::new(), 7).collect();
    cells.push(gib.to_string());
    cells
}

fn pick<'a>(choices: &[&'a str], index: usize) -> &'a str {
    choices.get(index % choices.len().max(1)).copied().unwrap_or_default()
}

/// Writes one line; no cell needs quotes.
fn line(table: &mut String, cells: &[&str]) {
    table.push_str(&cells.join(","));
    table.push('\n');
}

fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// An instant of RFC 3339, in UTC.
fn instant(seconds: i64) -> String {
    let instant = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// SplitMix64: ten lines whose numbers no update of a library can change, since the sample is committed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).unsigned_abs().saturating_add(1);
        low.saturating_add(i64::try_from(self.next() % width).unwrap_or(0))
    }

    /// One of some choices.
    fn of<T: Copy + Default, const N: usize>(&mut self, choices: [T; N]) -> T {
        choices.get(self.below(N)).copied().unwrap_or_default()
    }
}
