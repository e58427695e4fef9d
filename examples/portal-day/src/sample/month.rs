//! What happens in the month of the sample: March 2024 in Berlin, whose last day has 23 hours.
//!
//! Each amount is written here, and not drawn by the dice, so that what becomes of it can be checked by hand.

use super::{DAY, FIRST, HOUR, instant, line};

/// The tables of the month, each with its file.
pub(super) fn files() -> Vec<(&'static str, String)> {
    vec![
        ("codes.csv", table("coupon,code", &CODES)),
        ("topups.csv", table("topup,at,owner_kind,owner,amount,currency", &TOP_UPS)),
        ("redeems.csv", table("at,owner_kind,owner,coupon,code", &REDEEMS)),
        ("orders.csv", table("order,at,owner_kind,owner,unit,type,settled", &ORDERS)),
        ("items.csv", table("order,item,price,currency,delivered", &ITEMS)),
        ("locks.csv", table("order,at,owner_kind,owner,event,unit,amount,currency,expires", &LOCKS)),
        ("plans.csv", table("plan,start,owner_kind,owner,unit,cycle,renewals,auto_renew,price,currency", &PLANS)),
        ("refunds.csv", table("refund,at,owner_kind,owner,order,amount,currency", &REFUNDS)),
    ]
}

/// The sizes of a bucket before the three days: every week from the last one of February on.
pub(super) fn earlier_samples(samples: &mut String, bucket: &str, bytes: i64) {
    for week in 1..=5 {
        let at = FIRST - 2 * DAY - week * 7 * DAY;
        let size = (bytes - week * (bytes / 50)).max(0);
        line(samples, &[bucket, &instant(at), &size.to_string(), "byte"]);
    }
}

/// A life as it really was, for `late.csv`.
pub(super) struct Late<'a> {
    pub(super) resource: &'a str,
    pub(super) created: i64,
    pub(super) cells: &'a [String],
    pub(super) really: Really<'a>,
}

/// How a life really was.
pub(super) enum Really<'a> {
    /// It was deleted earlier than anybody said.
    EndedOn(i64),
    /// It was something else from an instant on.
    ChangedOn(i64, &'a [String]),
}

impl Late<'_> {
    /// Writes its rows, known on the morning of 18 March.
    pub(super) fn write(&self, late: &mut String, parts: usize) {
        let known = instant(FIRST - 12 * DAY + 8 * HOUR);
        let mut row = |start: i64, end: Option<i64>, cells: &[String]| {
            let (start, end) = (instant(start), end.map(instant).unwrap_or_default());
            let missing = parts.saturating_sub(cells.len());
            let cells = cells.iter().map(String::as_str).chain(std::iter::repeat_n("", missing));
            let head = [known.as_str(), self.resource, &start, &end, "post_paid"];
            line(late, &head.into_iter().chain(cells).collect::<Vec<_>>());
        };
        match self.really {
            Really::EndedOn(end) => row(self.created, Some(end), self.cells),
            Really::ChangedOn(at, cells) => {
                row(self.created, Some(at), self.cells);
                row(at, None, cells);
            }
        }
    }
}

const CODES: [&str; 4] = ["C-0066,TULIP-2024", "C-0067,CROCUS-2024", "C-0068,SNOWDROP-2024", "C-0069,DAFFODIL-2024"];

/// T-0006 is what a plan waits for: it is renewed the morning after. T-0008 comes at the very moment when the
/// clocks of Berlin go forward, T-0009 in the last second of an hour of the month.
const TOP_UPS: [&str; 23] = [
    "T-0001,2024-03-04T09:12:00Z,user,ada,250.00,EUR",
    "T-0002,2024-03-05T10:00:00Z,user,butler,120.00,EUR",
    "T-0003,2024-03-08T16:45:30Z,group,hep,500.00,EUR",
    "T-0004,2024-03-11T08:00:00Z,user,grace,80.00,EUR",
    "T-0005,2024-03-15T12:30:00Z,user,jean,40.05,EUR",
    "T-0006,2024-03-27T14:00:00Z,user,guido,100.00,EUR",
    "T-0007,2024-03-28T07:15:00Z,group,linguistics,100.00,EUR",
    "T-0008,2024-03-31T01:00:00Z,user,hedy,60.00,EUR",
    "T-0009,2024-03-31T20:59:59Z,user,whitfield,75.25,EUR",
    "T-0010,2024-03-01T08:00:00Z,user,butler,3500.00,EUR",
    "T-0011,2024-03-01T08:30:00Z,user,ken,2500.00,EUR",
    "T-0012,2024-03-01T09:00:00Z,group,materials,2800.00,EUR",
    "T-0013,2024-03-02T09:00:00Z,user,margaret,2600.00,EUR",
    "T-0014,2024-03-04T10:00:00Z,user,grace,3000.00,EUR",
    "T-0015,2024-03-04T11:00:00Z,user,joan,2200.00,EUR",
    "T-0016,2024-03-05T07:45:00Z,group,astro,2750.00,EUR",
    "T-0017,2024-03-06T07:45:00Z,group,plasma,2000.00,EUR",
    "T-0018,2024-03-07T12:00:00Z,user,ada,1900.00,EUR",
    "T-0019,2024-03-07T13:00:00Z,user,peter,2100.00,EUR",
    "T-0020,2024-03-08T09:09:09Z,user,emmy,1800.00,EUR",
    "T-0021,2024-03-11T09:00:00Z,user,vint,1600.00,EUR",
    "T-0022,2024-03-12T09:00:00Z,user,edsger,1500.00,EUR",
    "T-0023,2024-03-13T09:00:00Z,user,mary,1400.00,EUR",
];

/// The third of them pays a part of the order that comes an hour later.
const REDEEMS: [&str; 3] = [
    "2024-03-03T18:00:00Z,user,bjarne,C-0066,TULIP-2024",
    "2024-03-12T09:30:00Z,group,robotics,C-0067,CROCUS-2024",
    "2024-03-06T09:00:00Z,user,edsger,C-0068,SNOWDROP-2024",
];

/// The last column is when nothing more will arrive.
const ORDERS: [&str; 5] = [
    "O-0001,2024-03-06T10:00:00Z,user,edsger,hpc-sued,new,2024-03-08T10:00:00Z",
    "O-0002,2024-03-09T15:20:00Z,user,noether,hpc-sued,new,2024-03-12T12:00:00Z",
    "O-0003,2024-03-14T08:05:00Z,group,earth,hpc-nord,upgrade,2024-03-15T08:05:00Z",
    "O-0004,2024-03-19T11:00:00Z,user,lynn,objects,post2pre,2024-03-20T11:00:00Z",
    "O-0005,2024-03-25T13:13:13Z,user,radia,hpc-nord,new,2024-03-26T18:00:00Z",
];

/// One of the three things of O-0002 never arrives, and none of O-0005.
const ITEMS: [&str; 11] = [
    "O-0001,server-a,240.00,EUR,2024-03-06T10:04:00Z",
    "O-0001,server-b,240.00,EUR,2024-03-06T10:05:00Z",
    "O-0002,node-1,33.33,EUR,2024-03-09T15:30:00Z",
    "O-0002,node-2,33.33,EUR,",
    "O-0002,node-3,33.34,EUR,2024-03-10T09:00:00Z",
    "O-0003,larger,180.10,EUR,2024-03-14T08:06:00Z",
    "O-0004,month-1,59.90,EUR,2024-03-19T11:00:30Z",
    "O-0004,month-2,59.90,EUR,2024-03-19T11:00:30Z",
    "O-0004,month-3,59.90,EUR,2024-03-19T11:00:30Z",
    "O-0005,card-1,150.00,EUR,",
    "O-0005,card-2,150.00,EUR,",
];

/// One is captured in part, one given up, and one forgotten until it expires.
const LOCKS: [&str; 5] = [
    "L-0001,2024-03-07T09:00:00Z,user,mary,authorise,hpc-nord,100.00,EUR,2024-03-10T09:00:00Z",
    "L-0001,2024-03-08T17:00:00Z,user,mary,capture,,64.40,EUR,",
    "L-0002,2024-03-13T12:00:00Z,user,sophie,authorise,hpc-sued,80.00,EUR,2024-03-14T12:00:00Z",
    "L-0002,2024-03-13T15:30:00Z,user,sophie,void,,,,",
    "L-0003,2024-03-21T10:00:00Z,user,karen,authorise,hpc-nord,55.55,EUR,2024-03-22T10:00:00Z",
];

/// P-0001 is anchored on the 31st: its deadlines are 29 February, 31 March, 30 April. P-0003 is renewed once
/// there is money, P-0004 finds none and ends, and nobody renews P-0005.
const PLANS: [&str; 6] = [
    "P-0001,2024-01-31T10:00:00Z,user,carl,hpc-nord,monthly,1,on,120.00,EUR",
    "P-0002,2023-12-15T00:00:00Z,user,leslie,hpc-sued,quarterly,0,on,300.00,EUR",
    "P-0003,2024-02-26T12:00:00Z,user,guido,objects,monthly,0,on,150.00,EUR",
    "P-0004,2024-02-10T06:00:00Z,user,niklaus,hpc-nord,monthly,0,on,75.00,EUR",
    "P-0005,2024-02-08T06:00:00Z,user,shafi,watch,monthly,0,off,20.00,EUR",
    "P-0006,2023-03-20T08:00:00Z,group,genome,hpc-nord,yearly,0,on,500.00,EUR",
];

/// In parts that no two ways of rounding split alike; R-0003 takes all that is left of its payment.
const REFUNDS: [&str; 6] = [
    "R-0001,2024-03-10T12:00:00Z,user,edsger,O-0001,33.33,EUR",
    "R-0002,2024-03-16T12:00:00Z,user,edsger,O-0001,33.33,EUR",
    "R-0003,2024-03-29T12:00:00Z,user,edsger,O-0001,413.34,EUR",
    "R-0004,2024-03-17T09:00:00Z,group,earth,O-0003,0.01,EUR",
    "R-0005,2024-03-18T09:00:00Z,group,earth,O-0003,60.00,EUR",
    "R-0006,2024-03-11T10:00:00Z,user,mary,L-0001,14.40,EUR",
];

fn table(header: &str, rows: &[&str]) -> String {
    let mut table = format!("{header}\n");
    rows.iter().for_each(|row| line(&mut table, &[row]));
    table
}
