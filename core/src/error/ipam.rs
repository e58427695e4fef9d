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
            "{left} and {right} are together more than 2^128, which no family has addresses for: take fewer",
            "{left} 与 {right} 之和超过 2^128，没有地址族有这么多地址：请减少数量";
        /// A difference of sizes below zero.
        SizeBelowZero {
            /// From which it is taken.
            left: String,
            /// What is taken.
            right: String,
        } = "ipam.size_below_zero", OutOfRange,
            "{right} addresses can not be taken from {left}",
            "不能从 {left} 个地址中减去 {right} 个";
        /// An address that is spelled otherwise than canonically.
        NotCanonical {
            /// What was given.
            text: String,
            /// The same address, canonically.
            canonical: String,
        } = "ipam.not_canonical", InvalidInput,
            "`{text}` is not written canonically: write `{canonical}`, or ask for a lenient reading",
            "`{text}` 不是规范写法：请写成 `{canonical}`，或使用宽松解析";
        /// A number that is no address of its family.
        BeyondFamily {
            /// What was given.
            text: String,
            /// The family that is read.
            family: &'static str,
            /// The number of its last address.
            last: String,
        } = "ipam.beyond_family", OutOfRange,
            "`{text}` is no {family} address: the last one is the number {last}",
            "`{text}` 不是 {family} 地址：最后一个地址的数值为 {last}";
        /// A number where no family is asked for.
        FamilyUnknown {
            /// What was given.
            text: String,
        } = "ipam.family_unknown", InvalidInput,
            "`{text}` is a number, which either family has: say which family is meant",
            "`{text}` 是数值，两个地址族都可能：请指明地址族";
        /// A mask with holes, or of the other kind.
        Mask {
            /// What was given.
            mask: String,
            /// What it should be.
            kind: &'static str,
        } = "ipam.mask", InvalidInput,
            "`{mask}` is no {kind}: a netmask is ones and then zeros, a hostmask zeros and then ones",
            "`{mask}` 不是 {kind}：netmask 先 1 后 0，hostmask 先 0 后 1";
        /// Ends that are not those of one network.
        NotANetwork {
            /// The ends.
            range: String,
            /// The smallest network around them.
            network: String,
        } = "ipam.not_a_network", InvalidInput,
            "`{range}` is not all of one network: the smallest around it is `{network}`",
            "`{range}` 不是一个完整的网络：包含它的最小网络为 `{network}`";
        /// Bytes that are no address.
        ByteCount {
            /// How many were given.
            count: usize,
            /// The family that is read.
            family: &'static str,
            /// How many there should be.
            expected: String,
        } = "ipam.byte_count", InvalidInput,
            "{count} bytes are no {family} address: pass {expected} in network order",
            "{count} 个字节不是 {family} 地址：应按网络字节序给出 {expected} 个字节";
        /// Columns that are not of one table.
        ColumnLengths {
            /// The rows of the first column.
            first: usize,
            /// The rows of the one that differs.
            other: usize,
        } = "ipam.column_lengths", InvalidInput,
            "a column of {first} rows and one of {other} are of no one table: pass as many of each",
            "{first} 行的列与 {other} 行的列不属于同一张表：各列行数应相同";

        /// More prefixes than asked for.
        TooManyPrefixes {
            /// How many there are.
            count: usize,
            /// The most.
            limit: usize,
        } = "ipam.too_many_prefixes", OutOfRange,
            "{count} prefixes are more than the limit of {limit}: ask for more, or for less",
            "共 {count} 个前缀，超过上限 {limit}：请提高上限或缩小范围";
        /// A range that stands twice where each stands once.
        DuplicateRange {
            /// The range.
            range: String,
            /// Where.
            list: &'static str,
            /// Its first place, from 0.
            first: usize,
            /// Its second place.
            second: usize,
        } = "ipam.duplicate_range", Conflict,
            "`{range}` stands twice in the {list}, at places {first} and {second}: leave one of them out",
            "`{range}` 在 {list} 中出现两次，位置为 {first} 和 {second}：请去掉其中一个";
        /// A plan that is not the one that was compared.
        PlanChanged {
            /// The first range that it has more or less.
            range: String,
        } = "ipam.plan_changed", Conflict,
            "the plan is not the one that was compared, as `{range}` shows: compare again",
            "该计划与比较时的计划不同，见 `{range}`：请重新比较";
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
        /// A text that is no size or count.
        Size {
            /// What was given.
            text: String,
        } = "ipam.size", InvalidInput,
            "`{text}` is no count of addresses: decimal digits, from 0 to 2^128",
            "`{text}` 不是地址数量：应为 0 到 2^128 的十进制整数";
        /// More blocks of a length than there is room for.
        NotEnoughRoom {
            /// The length.
            length: u8,
            /// How many are asked for.
            asked: String,
            /// How many fit, beside the larger ones that are asked for too.
            available: String,
        } = "ipam.not_enough_room", Insufficient,
            "there is no room for {asked} blocks of length {length}: {available} fit; ask for fewer or for smaller ones",
            "没有足够空间容纳 {asked} 个长度为 {length} 的地址块：可容纳 {available} 个；请减少数量或取更小的块";
        /// A minimal plan of more pieces than are allowed.
        MinimalPlanTooLong {
            /// How many it has, exactly.
            pieces: String,
            /// The most that are allowed.
            limit: usize,
        } = "ipam.minimal_plan_too_long", OutOfRange,
            "the fewest pieces are {pieces}, and {limit} are allowed: ask for fewer or for larger blocks",
            "最少需要 {pieces} 个地址段，最多允许 {limit} 个：请减少数量或取更大的块";
        /// Two free blocks that share addresses.
        FreeOverlap {
            /// One.
            left: String,
            /// The other.
            right: String,
        } = "ipam.free_overlap", Conflict,
            "the free blocks `{left}` and `{right}` share addresses: name each address once",
            "空闲块 `{left}` 与 `{right}` 重叠：每个地址只能列出一次";
        /// Parts that are together not what was parted.
        SpaceNotConserved {
            /// What was parted.
            of: String,
            /// How many addresses it has.
            whole: String,
            /// How many addresses the parts have.
            parts: String,
        } = "ipam.space_not_conserved", Conflict,
            "the parts of `{of}` do not add up to it: {parts} addresses, of {whole}; please report this",
            "`{of}` 的各部分之和与其不符：{parts} 个地址，应为 {whole} 个；请报告此问题";
        /// A pinned block that is not free.
        PinnedTaken {
            /// The place of the request, from 0.
            index: usize,
            /// The block.
            block: String,
            /// How many of its addresses are free.
            free: String,
        } = "ipam.pinned_taken", Conflict,
            "request {index} is pinned to `{block}`, of which {free} addresses are free: take another block, or none in particular",
            "第 {index} 个请求指定了 `{block}`，其中只有 {free} 个地址空闲：请指定其他地址块或不指定";
        /// Two requests that are pinned to the same addresses.
        PinnedTwice {
            /// The place of one request, from 0.
            index: usize,
            /// Its block.
            block: String,
            /// The place of the other.
            other: usize,
            /// The block of the other.
            with: String,
        } = "ipam.pinned_twice", Conflict,
            "requests {index} and {other} are pinned to `{block}` and `{with}`, which share addresses",
            "第 {index} 个和第 {other} 个请求指定的 `{block}` 与 `{with}` 重叠";
        /// A field of more bits than an address has.
        FieldTooWide {
            /// How many.
            bits: u8,
            /// The most.
            widest: u8,
        } = "ipam.field_too_wide", OutOfRange,
            "a field of {bits} bits is wider than an address: at most {widest}",
            "{bits} 位的字段超过地址宽度：最多 {widest} 位";
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
            "没有要合并的行：至少应给出一个 id";
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
