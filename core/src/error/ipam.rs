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
    }
}
