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
        /// An action that the life of a row does not have there (R-I12).
        IllegalChange {
            /// What should be done.
            action: &'static str,
            /// The state.
            from: &'static str,
            /// The state that it leads to.
            to: &'static str,
            /// What can be done instead.
            ways: String,
        } = "ipam.illegal_change", Conflict,
            "`{action}` does not lead from `{from}` to `{to}`: from `{from}` there is {ways}",
            "`{action}` 不能从 `{from}` 变为 `{to}`：`{from}` 状态下可以 {ways}";
        /// A row that is reserved for somebody else.
        OtherOwner {
            /// The row.
            row: String,
            /// Its owner.
            owner: String,
            /// To whom it should be given.
            asked: String,
        } = "ipam.other_owner", Conflict,
            "row `{row}` is reserved for `{owner}`, not for `{asked}`: recover it first, or assign it to its owner",
            "行 `{row}` 已为 `{owner}` 预留，而不是 `{asked}`：请先回收，或分配给其所有者";
        /// A row whose owner does not fit its state.
        RowOwner {
            /// The row.
            row: String,
            /// Its state.
            status: &'static str,
            /// Its owner, empty where there is none.
            owner: String,
        } = "ipam.row_owner", Conflict,
            "row `{row}` is `{status}` with the owner `{owner}`: one that is reserved or assigned has an owner, one that comes to wait has none",
            "行 `{row}` 状态为 `{status}`，所有者为 `{owner}`：已预留或已分配的行必须有所有者，待分配的行不能有";
        /// A text that must say something.
        EmptyText {
            /// What it is.
            what: &'static str,
        } = "ipam.empty_text", InvalidInput,
            "the {what} is empty: name it",
            "{what} 为空：请填写";
        /// An id that stands twice.
        RepeatedId {
            /// The id.
            id: String,
        } = "ipam.repeated_id", Conflict,
            "two rows have the id `{id}`: give each one of its own",
            "有两行的标识都是 `{id}`：请为每行使用不同的标识";
        /// A remark that is too long.
        RemarkTooLong {
            /// How many characters it has.
            length: usize,
            /// The most.
            longest: usize,
        } = "ipam.remark_too_long", OutOfRange,
            "a remark of {length} characters: at most {longest}",
            "备注有 {length} 个字符：最多 {longest} 个";
        /// A record with too many or too few rows for its kind.
        RecordShape {
            /// Its kind.
            action: &'static str,
            /// The rows before.
            before: usize,
            /// The rows after.
            after: usize,
        } = "ipam.record_shape", InvalidInput,
            "`{action}` does not make {after} rows of {before}: give the rows that it is of, and those that it makes",
            "`{action}` 不能由 {before} 行得到 {after} 行：请给出变更前后的行";
        /// Rows that should be alike.
        RowsDiffer {
            /// What should be done.
            action: &'static str,
            /// What is not the same.
            what: &'static str,
            /// The first row.
            left: String,
            /// The one that differs.
            right: String,
        } = "ipam.rows_differ", Conflict,
            "rows `{left}` and `{right}` have another {what}, which `{action}` does not change: make it the same first",
            "行 `{left}` 与 `{right}` 的 {what} 不同，而 `{action}` 不会改变它：请先使其一致";
        /// Another range for a row that is somebody's.
        RangeInUse {
            /// The row.
            row: String,
            /// Its state.
            status: &'static str,
        } = "ipam.range_in_use", Conflict,
            "row `{row}` is `{status}`, so its range stays: recover it first",
            "行 `{row}` 状态为 `{status}`，不能修改地址段：请先回收";
        /// A part with a shorter label than its whole.
        PartLabel {
            /// The part.
            part: String,
            /// The whole.
            whole: String,
        } = "ipam.part_label", OutOfRange,
            "the label of `{part}` is shorter than that of `{whole}`: a part has the label of its whole or a longer one",
            "`{part}` 的前缀长度比 `{whole}` 的短：部分的前缀长度不能短于整体";
        /// A split or a merge that loses an address or makes one up.
        NotConserved {
            /// What should be done.
            action: &'static str,
            /// The first address that is concerned.
            address: String,
            /// In how many ranges it is before.
            before: usize,
            /// In how many ranges it is after.
            after: usize,
        } = "ipam.not_conserved", Conflict,
            "`{action}` keeps every address once: `{address}` is in {before} ranges before and in {after} after",
            "`{action}` 必须保留每个地址恰好一次：`{address}` 变更前在 {before} 个地址段中，变更后在 {after} 个中";
        /// Rows that share an address.
        RowsOverlap {
            /// The first by its range.
            left: String,
            /// The second.
            right: String,
            /// The first address that both have.
            address: String,
        } = "ipam.rows_overlap", Conflict,
            "rows `{left}` and `{right}` both have `{address}`: no address is in two rows, correct one of them",
            "行 `{left}` 与 `{right}` 都包含 `{address}`：一个地址不能属于两行，请更正其中之一";
    }
}
