use super::table::errors;

errors! {
    /// What can be wrong with an address, a range or a plan of ranges (R-I1 … R-I12).
    IpamError
    {
        /// A word that does not exist.
        UnknownWord {
            /// What it should be.
            what: &'static str,
            /// What was given.
            text: String,
            /// What there is.
            known: &'static str,
        } = "ipam.unknown_word", NotFound,
            "no {what} `{text}`; there are: {known}",
            "没有 {what} `{text}`；可用：{known}";
        /// A text that is no address of its family.
        Address {
            /// What was given.
            text: String,
            /// The family that is read.
            family: &'static str,
        } = "ipam.address", InvalidInput,
            "`{text}` is no {family} address: write it canonically, without leading zeros and without a zone",
            "`{text}` 不是 {family} 地址：请使用规范写法，不带前导零和区域标识";
        /// A text of another shape.
        Format {
            /// What was given.
            text: String,
            /// What it should look like.
            shape: &'static str,
        } = "ipam.format", InvalidInput,
            "`{text}` is not of the form {shape}",
            "`{text}` 不符合 {shape} 的格式";
        /// Addresses of two families in one call.
        MixedFamilies {
            /// What was given.
            text: String,
            /// The family that everything else is of.
            expected: &'static str,
        } = "ipam.mixed_families", Conflict,
            "`{text}` is not of the family {expected}: the two families never mix, make one call for each",
            "`{text}` 不属于 {expected}：两个地址族不能混用，请分别调用";
        /// A length that its family does not have.
        Length {
            /// The family.
            family: &'static str,
            /// What was given.
            length: String,
            /// The longest.
            longest: u8,
        } = "ipam.length", OutOfRange,
            "`{length}` is no prefix length of {family}: a whole number from 0 to {longest}",
            "`{length}` 不是 {family} 的前缀长度：应为 0 到 {longest} 的整数";
        /// A network whose host bits are not zero.
        HostBits {
            /// The address.
            address: String,
            /// The length.
            length: u8,
            /// The network that it is in.
            network: String,
        } = "ipam.host_bits", InvalidInput,
            "`{address}/{length}` has host bits set: its network is `{network}`",
            "`{address}/{length}` 的主机位不为零：其所在网络为 `{network}`";
        /// A range that ends before it begins.
        Reversed {
            /// The first address.
            first: String,
            /// The last address.
            last: String,
        } = "ipam.reversed", InvalidInput,
            "`{first}` is after `{last}`: a range begins at or before its end",
            "`{first}` 在 `{last}` 之后：地址段的起始地址不能大于结束地址";
        /// A range whose ends are in two networks of its label.
        NotOneNetwork {
            /// The range.
            range: String,
            /// Its label.
            length: u8,
            /// The network of its first address.
            first: String,
            /// The network of its last address.
            last: String,
        } = "ipam.not_one_network", InvalidInput,
            "`{range}` is not in one network of length {length}: it begins in `{first}` and ends in `{last}`",
            "`{range}` 不在同一个长度为 {length} 的网络中：起始于 `{first}`，结束于 `{last}`";
        /// A length that should be shorter.
        NotShorter {
            /// What was given.
            length: u8,
            /// The length of the network.
            of: u8,
        } = "ipam.not_shorter", OutOfRange,
            "a network of length {of} has no supernet of length {length}: take {of} or a shorter one",
            "长度为 {of} 的网络没有长度为 {length} 的上级网络：请取 {of} 或更短";
        /// A sum of sizes above the largest.
        SizeOverflow {
            /// One.
            left: String,
            /// The other.
            right: String,
        } = "ipam.size_overflow", OutOfRange,
            "{left} and {right} addresses are together more than 2^128",
            "{left} 与 {right} 个地址之和超过 2^128";
        /// A difference of sizes below zero.
        SizeBelowZero {
            /// From which it is taken.
            left: String,
            /// What is taken.
            right: String,
        } = "ipam.size_below_zero", OutOfRange,
            "{right} addresses can not be taken from {left}",
            "不能从 {left} 个地址中减去 {right} 个";
        /// A split into a length that is shorter than the range's label.
        ShorterThanLabel {
            /// The range.
            range: String,
            /// What was given.
            length: u8,
            /// Its label.
            label: u8,
        } = "ipam.shorter_than_label", OutOfRange,
            "`{range}` can not be split into length {length}: take its label {label}, or a longer one",
            "`{range}` 不能拆分为长度 {length}：请取其前缀长度 {label} 或更长";
        /// A split into more pieces than are allowed.
        TooManyPieces {
            /// The range.
            range: String,
            /// The length of the pieces.
            length: u8,
            /// How many there would be, exactly.
            pieces: String,
            /// The most that are allowed.
            limit: String,
        } = "ipam.too_many_pieces", OutOfRange,
            "`{range}` has {pieces} pieces of length {length}, and {limit} are allowed: split it in steps, or take a shorter length",
            "`{range}` 拆分为长度 {length} 共有 {pieces} 个子网，最多允许 {limit} 个：请分步拆分，或取更短的长度";
        /// A split into a length that is too much longer than the range's label.
        TooMuchLonger {
            /// The range.
            range: String,
            /// What was given.
            length: u8,
            /// Its label.
            label: u8,
            /// By how much it may be longer.
            limit: u8,
            /// How many pieces there would be, exactly; 0 of a length that the family does not have.
            pieces: String,
        } = "ipam.too_much_longer", OutOfRange,
            "`{range}` into {pieces} pieces of length {length}: that is more than {limit} longer than its label {label}; split it in steps",
            "`{range}` 拆分为 {pieces} 个长度 {length} 的子网：与其前缀长度 {label} 相差超过 {limit}；请分步拆分";
        /// A row that is given away can not be split.
        SplitStatus {
            /// Its id.
            id: String,
            /// Its state.
            status: &'static str,
        } = "ipam.split_status", Conflict,
            "the row `{id}` is {status}: only a row that is wait or reserved is split; recover it first",
            "行 `{id}` 的状态为 {status}：只能拆分 wait 或 reserved 状态的行；请先回收";
        /// A minimal split into a length that is not longer than the range's label.
        NotLonger {
            /// The range.
            range: String,
            /// What was given.
            length: u8,
            /// Its label.
            label: u8,
        } = "ipam.not_longer", OutOfRange,
            "`{range}` can not be minimally split into length {length}: take one that is longer than its label {label}",
            "`{range}` 不能最小拆分为长度 {length}：请取长于其前缀长度 {label} 的长度";
        /// A difference that a minimal split does not have.
        MiniSplitDiff {
            /// The family.
            family: &'static str,
            /// What was given.
            diff: u8,
            /// The largest.
            limit: u8,
        } = "ipam.mini_split_diff", OutOfRange,
            "`{diff}` is no difference of a minimal split of {family}: a whole number from 1 to {limit}",
            "`{diff}` 不是 {family} 最小拆分的长度差：应为 1 到 {limit} 的整数";
        /// Pieces that are together not what was cut.
        PiecesNotConserved {
            /// The range that was cut.
            range: String,
            /// How many addresses the pieces have.
            pieces: String,
            /// How many addresses it has.
            size: String,
        } = "ipam.pieces_not_conserved", Conflict,
            "the pieces of `{range}` do not add up to it: {pieces} addresses in a row, of {size}; please report this",
            "`{range}` 的各子网之和与其不符：连续 {pieces} 个地址，应为 {size} 个；请报告此问题";
        /// A plan without entries.
        EmptyPlan {
            /// The range to be cut.
            range: String,
        } = "ipam.empty_plan", InvalidInput,
            "a plan of `{range}` has no entries: give at least the range itself",
            "`{range}` 的拆分方案为空：至少应包含该地址段本身";
        /// A plan of more entries than are allowed.
        PlanTooLong {
            /// How many it has.
            entries: usize,
            /// The most that are allowed.
            limit: usize,
        } = "ipam.plan_too_long", OutOfRange,
            "a plan of {entries} entries, and {limit} are allowed: make it in steps",
            "拆分方案有 {entries} 项，最多允许 {limit} 项：请分步拆分";
        /// A plan that does not begin where its range does.
        PlanStart {
            /// Where it begins.
            first: String,
            /// Where the range begins.
            expected: String,
        } = "ipam.plan_start", Conflict,
            "the plan begins at `{first}`, and its range at `{expected}`: begin there",
            "方案起始于 `{first}`，而被拆分的地址段起始于 `{expected}`：起始地址必须一致";
        /// A plan that does not end where its range does.
        PlanEnd {
            /// The place of the last entry, from 0.
            index: usize,
            /// Where it ends.
            last: String,
            /// Where the range ends.
            expected: String,
        } = "ipam.plan_end", Conflict,
            "the plan ends with entry {index} at `{last}`, and its range at `{expected}`: end there",
            "方案以第 {index} 项结束于 `{last}`，而被拆分的地址段结束于 `{expected}`：结束地址必须一致";
        /// An entry whose length is shorter than the label of the range.
        PlanShorter {
            /// Its place, from 0.
            index: usize,
            /// The entry.
            entry: String,
            /// The label of the range.
            label: u8,
        } = "ipam.plan_shorter", OutOfRange,
            "entry {index} of the plan, `{entry}`: its length is shorter than {label}, the label of the range that is cut",
            "方案第 {index} 项 `{entry}`：长度短于被拆分地址段的前缀长度 {label}";
        /// An entry whose length its family does not have.
        PlanLength {
            /// Its place, from 0.
            index: usize,
            /// The entry.
            entry: String,
            /// The longest length.
            longest: u8,
        } = "ipam.plan_length", OutOfRange,
            "entry {index} of the plan, `{entry}`: a length is at most {longest}",
            "方案第 {index} 项 `{entry}`：长度不得大于 {longest}";
        /// An entry that ends before it begins.
        PlanReversed {
            /// Its place, from 0.
            index: usize,
            /// The entry.
            entry: String,
        } = "ipam.plan_reversed", InvalidInput,
            "entry {index} of the plan, `{entry}`: it begins after its end",
            "方案第 {index} 项 `{entry}`：起始地址不能大于结束地址";
        /// An entry that does not begin right after the one before it.
        PlanNotContiguous {
            /// Its place, from 0.
            index: usize,
            /// The entry.
            entry: String,
            /// The entry before.
            previous: String,
        } = "ipam.plan_not_contiguous", Conflict,
            "entry {index} of the plan, `{entry}`: it does not begin right after `{previous}`",
            "方案第 {index} 项 `{entry}`：与前一项 `{previous}` 不连续";
        /// An entry whose ends are in two networks of its length.
        PlanNotOneNetwork {
            /// Its place, from 0.
            index: usize,
            /// The entry.
            entry: String,
            /// The network of its first address.
            first: String,
            /// The network of its last address.
            last: String,
        } = "ipam.plan_not_one_network", InvalidInput,
            "entry {index} of the plan, `{entry}`: it begins in `{first}` and ends in `{last}`, and must be in one network of its length",
            "方案第 {index} 项 `{entry}`：起始于 `{first}`，结束于 `{last}`，必须位于其长度的同一个网络中";
        /// A merge of no rows.
        EmptyMerge {} = "ipam.empty_merge", InvalidInput,
            "a merge of no rows: name the ids of at least one",
            "合并的行为空：至少应给出一个 id";
        /// A merge into a length that it may not have.
        MergeLength {
            /// What was given.
            length: u8,
            /// The shortest.
            shortest: u8,
            /// The longest.
            longest: u8,
        } = "ipam.merge_length", OutOfRange,
            "rows can not be merged into length {length}: a whole number from {shortest} to {longest}",
            "不能合并为长度 {length}：应为 {shortest} 到 {longest} 的整数";
        /// A row to be merged that is not there.
        MergeNotFound {
            /// The id that was asked for.
            id: String,
        } = "ipam.merge_not_found", NotFound,
            "no row `{id}` to be merged: name ids of rows that exist",
            "要合并的行 `{id}` 不存在：请给出已有的 id";
        /// A row to be merged that is given away.
        MergeStatus {
            /// Its place among the rows to be merged, by start, from 0.
            index: usize,
            /// Its id.
            id: String,
            /// Its state.
            status: &'static str,
        } = "ipam.merge_status", Conflict,
            "row {index}, `{id}`, is {status}: only rows that are wait or reserved are merged; recover it first",
            "第 {index} 行 `{id}` 的状态为 {status}：只能合并 wait 或 reserved 状态的行；请先回收";
        /// A row to be merged whose label is shorter than the merge.
        MergeShorter {
            /// Its place among the rows to be merged, by start, from 0.
            index: usize,
            /// Its id.
            id: String,
            /// Its label.
            label: u8,
            /// The length of the merge.
            length: u8,
        } = "ipam.merge_shorter", OutOfRange,
            "row {index}, `{id}`, has the length {label}, and can not become part of one of length {length}: take {label} or a shorter one",
            "第 {index} 行 `{id}` 的长度为 {label}，不能并入长度为 {length} 的地址段：请取 {label} 或更短";
        /// Two rows to be merged that different autonomous systems announce.
        MergeAsn {
            /// The place of the one before, by start, from 0.
            previous: usize,
            /// The place of the other.
            index: usize,
            /// The id of the one before.
            left: String,
            /// The id of the other.
            right: String,
        } = "ipam.merge_asn", Conflict,
            "rows {previous} and {index}, `{left}` and `{right}`, have different AS numbers: merge rows of one only",
            "第 {previous} 行与第 {index} 行（`{left}`、`{right}`）的 AS 编码不一致：只能合并相同的行";
        /// Two rows to be merged in different states.
        MergeStatusDiffers {
            /// The place of the one before, by start, from 0.
            previous: usize,
            /// The place of the other.
            index: usize,
            /// The id of the one before.
            left: String,
            /// The id of the other.
            right: String,
        } = "ipam.merge_status_differs", Conflict,
            "rows {previous} and {index}, `{left}` and `{right}`, have different states: merge rows of one only",
            "第 {previous} 行与第 {index} 行（`{left}`、`{right}`）的状态不一致：只能合并相同的行";
        /// Two reserved rows to be merged of different owners.
        MergeOwner {
            /// The place of the one before, by start, from 0.
            previous: usize,
            /// The place of the other.
            index: usize,
            /// The id of the one before.
            left: String,
            /// The id of the other.
            right: String,
        } = "ipam.merge_owner", Conflict,
            "rows {previous} and {index}, `{left}` and `{right}`, are reserved for different owners: merge rows of one only",
            "第 {previous} 行与第 {index} 行（`{left}`、`{right}`）的预留对象不一致：只能合并相同的行";
        /// Two rows to be merged with a gap between them, or that overlap.
        MergeNotContiguous {
            /// The place of the one before, by start, from 0.
            previous: usize,
            /// The place of the other.
            index: usize,
            /// The id of the one before.
            left: String,
            /// The id of the other.
            right: String,
        } = "ipam.merge_not_contiguous", Conflict,
            "rows {previous} and {index}, `{left}` and `{right}`: the second does not begin right after the first",
            "第 {previous} 行与第 {index} 行（`{left}`、`{right}`）的地址不连续";
        /// Two rows to be merged whose starts are in two networks of the new length.
        MergeSupernet {
            /// The place of the one before, by start, from 0.
            previous: usize,
            /// The place of the other.
            index: usize,
            /// The network of the one before.
            left: String,
            /// The network of the other.
            right: String,
        } = "ipam.merge_supernet", Conflict,
            "rows {previous} and {index} begin in `{left}` and in `{right}`: a merge is of one network; take a shorter length",
            "第 {previous} 行与第 {index} 行分别起始于 `{left}` 和 `{right}`：只能合并到同一个网络；请取更短的长度";
        /// A range that shares addresses with a row that exists.
        Overlap {
            /// The range.
            range: String,
            /// The id of the row.
            id: String,
            /// The addresses of the row.
            with: String,
        } = "ipam.overlap", Conflict,
            "`{range}` overlaps the row `{id}` of `{with}`: take a range that is free",
            "`{range}` 与行 `{id}` 的地址段 `{with}` 重叠：请选择空闲的地址段";
    }
}
