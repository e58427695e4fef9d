use super::{MoneyError, UnitsError, table::errors};

errors! {
    /// What can be wrong with an inventory, a product, or a question about where it fits (R-A1 … R-A13).
    PlacementError
    from {
        /// A number that is out of the range of exact arithmetic.
        Money(MoneyError),
        /// A name that can not be printed on one line.
        Units(UnitsError),
    }
    {
        /// A word that does not exist.
        UnknownWord {
            /// What it should be.
            what: &'static str,
            /// What was given.
            text: String,
            /// What there is.
            known: &'static str,
        } = "placement.unknown_word", NotFound,
            "no {what} `{text}`; there are: {known}",
            "没有 {what} `{text}`；可用：{known}";
        /// A name that no resource has.
        UnknownResource {
            /// What was given.
            text: String,
        } = "placement.unknown_resource", NotFound,
            "no resource `{text}`; for example `cpu`, `memory`, `disk[SYS]`, `disk[DATA]`, `gpu[A100-80G]`, `mig[A100-80G/1g.10gb]`, or a name of your own without brackets",
            "没有资源 `{text}`；例如 `cpu`、`memory`、`disk[SYS]`、`disk[DATA]`、`gpu[A100-80G]`、`mig[A100-80G/1g.10gb]`，或自定义的不带方括号的名称";
        /// An amount beyond 64 bits with a sign, in the smallest unit.
        AmountOverflow {
            /// Of what.
            resource: String,
            /// Where it came out.
            operation: &'static str,
        } = "placement.amount_overflow", OutOfRange,
            "{operation} of `{resource}` is beyond 9223372036854775807 in its smallest unit: correct the figure",
            "`{resource}` 的{operation}超出最小单位下的 9223372036854775807：请更正该数值";
        /// A share of cards that is neither whole cards nor a part of one.
        ShareBeyondOneCard {
            /// The model.
            model: String,
            /// What was asked for, in milli-cards.
            milli: u64,
        } = "placement.share_beyond_one_card", InvalidInput,
            "{milli} milli-cards of `{model}` are neither whole cards nor a share of one: ask for a multiple of 1000, or for less than 1000",
            "`{model}` 的 {milli} 毫卡既不是整卡也不是单卡的一部分：请使用 1000 的整数倍，或小于 1000 的数值";
        /// An overcommit ratio below zero.
        NegativeOvercommit {
            /// The node.
            node: String,
            /// Of what.
            resource: String,
        } = "placement.negative_overcommit", InvalidInput,
            "the overcommit of `{resource}` on node `{node}` is below zero: 1 is none, 1.5 sells half as much again",
            "节点 `{node}` 上 `{resource}` 的超分比小于零：1 表示不超分，1.5 表示多售一半";
        /// Two nodes of one name.
        DuplicateNode {
            /// The name.
            node: String,
        } = "placement.duplicate_node", Conflict,
            "node `{node}` stands twice in the inventory: give each node once",
            "节点 `{node}` 在清单中重复出现：每个节点只能给出一次";
        /// A resource that a node lists under two spellings.
        DuplicateSupply {
            /// The node.
            node: String,
            /// The resource.
            resource: String,
        } = "placement.duplicate_supply", Conflict,
            "node `{node}` lists `{resource}` twice, under two spellings: give each resource once",
            "节点 `{node}` 以两种写法重复列出 `{resource}`：每种资源只能给出一次";
        /// A node that is not in the inventory.
        UnknownNode {
            /// The name.
            node: String,
        } = "placement.unknown_node", NotFound,
            "there is no node `{node}` in the inventory",
            "清单中没有节点 `{node}`";
        /// Two items that run under one id.
        DuplicateItem {
            /// The id.
            item: String,
        } = "placement.duplicate_item", Conflict,
            "item `{item}` runs already: give each item an id of its own",
            "`{item}` 已在运行：请为每个运行项使用不同的标识";
        /// A share of a card that does not say which card.
        CardUnnamed {
            /// The item.
            item: String,
            /// The node.
            node: String,
            /// The model.
            model: String,
        } = "placement.card_unnamed", InvalidInput,
            "item `{item}` holds a share of a `{model}` card on node `{node}` and does not say of which: name the card, or let unnamed shares be packed by best fit",
            "`{item}` 占用节点 `{node}` 上 `{model}` 的部分卡，但没有说明是哪一张：请指明卡号，或选择按最佳适配装箱";
        /// A card that the node does not have.
        UnknownCard {
            /// The item.
            item: String,
            /// The node.
            node: String,
            /// The model.
            model: String,
            /// The index that was given.
            card: u64,
        } = "placement.unknown_card", NotFound,
            "item `{item}` names card {card} of `{model}` on node `{node}`, which it does not have: cards count from 0",
            "`{item}` 指定了节点 `{node}` 上 `{model}` 的第 {card} 号卡，但该卡不存在：卡号从 0 开始";
        /// A text that is longer than any quantity needs to be.
        QuantityTooLong {
            /// How many bytes it has.
            length: usize,
            /// How many are read.
            limit: usize,
        } = "placement.quantity_too_long", OutOfRange,
            "a quantity of {length} bytes is too long: write it in at most {limit}",
            "数量文本长达 {length} 字节：最多 {limit} 字节";
        /// A text that is no quantity.
        NotAQuantity {
            /// What was given.
            text: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "placement.not_a_quantity", InvalidInput,
            "`{text}` is not a quantity: {fault}; write it as `500m`, `8192Mi`, `1.5Gi` or `1e3`",
            "`{text}` 不是合法数量：{fault}；请写成 `500m`、`8192Mi`、`1.5Gi` 或 `1e3`";
        /// A suffix that no quantity has.
        UnknownSuffix {
            /// What was given.
            text: String,
            /// Its suffix.
            suffix: String,
        } = "placement.unknown_suffix", NotFound,
            "no suffix `{suffix}` as in `{text}`; there are: n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, and e with a power of ten",
            "`{text}` 的后缀 `{suffix}` 不存在；可用：n、u、m、k、M、G、T、P、E、Ki、Mi、Gi、Ti、Pi、Ei，以及 e 加十的幂次";
        /// A power of ten that is out of reach.
        QuantityExponent {
            /// What was given.
            exponent: String,
            /// The largest, above zero and below.
            limit: i64,
        } = "placement.quantity_exponent", OutOfRange,
            "a power of ten of `{exponent}` is out of reach: use one from -{limit} to {limit}",
            "十的幂次 `{exponent}` 超出范围：请使用 -{limit} 到 {limit}";
        /// A quantity that could not be read back.
        QuantityTooLarge {
            /// What was given, or what was to be added.
            text: String,
            /// How long the canonical form may be, in bytes.
            limit: usize,
        } = "placement.quantity_too_large", OutOfRange,
            "`{text}` is too large: its canonical form has more than {limit} bytes; use a smaller number",
            "`{text}` 过大：其规范形式超过 {limit} 字节；请使用更小的数值";
        /// A quantity beyond 64 bits with a sign in the unit that was asked for.
        QuantityOverflow {
            /// The quantity.
            quantity: String,
            /// The power of ten of the unit.
            scale: i64,
        } = "placement.quantity_overflow", OutOfRange,
            "`{quantity}` in units of 10^{scale} is beyond 64 bits: correct the figure, or use a larger unit",
            "`{quantity}` 以 10^{scale} 为单位时超出 64 位：请更正该数值，或使用更大的单位";
        /// An amount below zero of what there is, or of what is asked for.
        NegativeAmount {
            /// Of what.
            resource: String,
            /// What was given.
            quantity: String,
        } = "placement.negative_amount", OutOfRange,
            "`{quantity}` of `{resource}` is below zero: give nothing or more",
            "`{resource}` 的数量 `{quantity}` 小于零：请给出零或更大的数值";
        /// A part that a cluster of a ledger tells of twice.
        DuplicateStock {
            /// The cluster.
            cluster: String,
            /// The part.
            resource: String,
        } = "placement.duplicate_stock", Conflict,
            "cluster `{cluster}` has two rows of `{resource}` in the ledger: give each part of a cluster once",
            "集群 `{cluster}` 在台账中有两行 `{resource}`：每个集群的每种部件只能给出一次";
        /// A cluster that no row of a ledger is of.
        UnknownCluster {
            /// The name.
            cluster: String,
        } = "placement.unknown_cluster", NotFound,
            "no row of the ledger is of cluster `{cluster}`: correct the name, or ask for all clusters",
            "台账中没有集群 `{cluster}` 的记录：请更正名称，或查询全部集群";
        /// A resource that a quota names twice.
        DuplicateAllowance {
            /// The resource.
            resource: String,
        } = "placement.duplicate_allowance", Conflict,
            "the quota names `{resource}` twice: give each resource once",
            "配额中 `{resource}` 重复出现：每种资源只能给出一次";
        /// More of a quota than is left.
        QuotaExceeded {
            /// Whose quota.
            pool: &'static str,
            /// Of what.
            part: &'static str,
            /// What is needed.
            needed: u64,
            /// What is left.
            left: i64,
        } = "placement.quota_exceeded", Insufficient,
            "{needed} `{part}` is needed of the {pool} quota, of which {left} is left: free some, or raise the total",
            "{pool} 配额需要 {needed} 的 `{part}`，仅剩 {left}：请释放一部分，或提高总量";
        /// More given back to a quota than is used of it.
        QuotaNotUsed {
            /// Whose quota.
            pool: &'static str,
            /// Of what.
            part: &'static str,
            /// What is given back.
            released: u64,
            /// What is used.
            used: u64,
        } = "placement.quota_not_used", Conflict,
            "{released} `{part}` is given back to the {pool} quota, of which {used} is used: give back what was taken, once",
            "向 {pool} 配额归还 {released} 的 `{part}`，但已用仅 {used}：只能归还已占用的部分，且只归还一次";
        /// A text that is no label.
        BadLabel {
            /// What was given.
            text: String,
            /// What is wrong with it.
            fault: &'static str,
        } = "placement.bad_label", InvalidInput,
            "`{text}` is no label: {fault}; write `key=value`, each key once",
            "`{text}` 不是标签：{fault}；请写成 `key=value`，每个键只写一次";
        /// An explanation whose counts do not add up to the nodes.
        ExplanationNotConserved {
            /// How many nodes there are.
            nodes: u64,
            /// How many its counts come to.
            counted: u64,
        } = "placement.explanation_not_conserved", Conflict,
            "an explanation of {nodes} nodes counts {counted}: it is not told; please report it",
            "对 {nodes} 个节点的说明合计为 {counted}：不予给出；请报告此问题";
        /// A product of too many resources.
        TooManyResources {
            /// The product.
            product: String,
            /// How many it asks for.
            count: usize,
            /// How many there may be.
            limit: usize,
        } = "placement.too_many_resources", OutOfRange,
            "product `{product}` asks for {count} resources, of {limit} at most: leave out what it does not need",
            "商品 `{product}` 请求了 {count} 种资源，上限为 {limit} 种：请去掉不需要的资源";
        /// A count beyond 64 bits.
        CountOverflow {
            /// The product.
            product: String,
        } = "placement.count_overflow", OutOfRange,
            "more than 18446744073709551615 of product `{product}` would fit: correct the figures of the nodes or ask for more",
            "可容纳的商品 `{product}` 超过 18446744073709551615 个：请更正节点数值或增大请求";
        /// Something that does not run.
        UnknownItem {
            /// The id.
            item: String,
        } = "placement.unknown_item", NotFound,
            "nothing runs under the id `{item}`",
            "没有以 `{item}` 为标识的运行项";
        /// Changes that are undone in another order than they were made.
        UndoOutOfOrder {
            /// The node or the item that was changed.
            of: String,
        } = "placement.undo_out_of_order", Conflict,
            "the change of `{of}` is not the last one of this snapshot: undo what was changed after it first",
            "对 `{of}` 的变更不是该快照的最后一次变更：请先撤销其后的变更";
        /// An item that stands twice in a question.
        RepeatedItem {
            /// Its id.
            item: String,
        } = "placement.repeated_item", Conflict,
            "item `{item}` stands twice in the question: give each item once, with its replicas",
            "`{item}` 在请求中重复出现：每项只给出一次，并写明副本数";
        /// A kind of copies that a stream was not told of.
        UnknownKind {
            /// Its name.
            kind: String,
        } = "placement.unknown_kind", NotFound,
            "the stream knows no kind `{kind}`: name all kinds when it begins, and give back what it placed itself",
            "该序列不认识种类 `{kind}`：请在开始时给出所有种类，且只归还由它放置的副本";
        /// Answers about other groups than those of the question.
        OtherGroups {
            /// Those of the question.
            groups: String,
            /// Those of the answers.
            answered: String,
        } = "placement.other_groups", Conflict,
            "the question has the groups `{groups}`, and the answers are about `{answered}`: give one answer for each group, in order",
            "请求中的组为 `{groups}`，而答案针对 `{answered}`：请按顺序为每个组给出一个答案";
        /// A table of nodes by items that is too large.
        TooMuchToRead {
            /// How many nodes.
            nodes: usize,
            /// How many items.
            items: usize,
        } = "placement.too_much_to_read", OutOfRange,
            "{nodes} nodes and {items} items make a table of more than 100000000 cells: ask for fewer kinds at once",
            "{nodes} 个节点与 {items} 项构成的表超过 100000000 个单元：请减少一次请求的种类";
        /// An answer that the independent check does not accept: a fault of the library.
        AnswerNotVerified {
            /// Of which group.
            group: String,
            /// What the check found.
            fault: &'static str,
        } = "placement.answer_not_verified", Conflict,
            "the answer about group `{group}` does not verify ({fault}): this is a fault of the library, report it with the question",
            "关于组 `{group}` 的答案未通过校验（{fault}）：这是本库的缺陷，请连同请求一起报告";
        /// A work budget that no call may ask for.
        BudgetTooLarge {
            /// What was asked for.
            budget: u64,
            /// The most.
            limit: u64,
        } = "placement.budget_too_large", OutOfRange,
            "a work budget of {budget} steps is more than the {limit} of one call: ask for less, or for fewer groups at once",
            "工作预算 {budget} 步超过单次调用上限 {limit} 步：请减小预算，或减少一次请求的组";
        /// A sum that is no whole number.
        BadSum {
            /// What was given.
            text: String,
        } = "placement.bad_sum", InvalidInput,
            "`{text}` is no sum: write the digits of a whole number from 0 on, in the smallest unit",
            "`{text}` 不是合计值：请以最小单位写出从 0 起的整数数字";
        /// An answer that says nothing, or two things at once.
        NotOneOutcome {
            /// Of which group.
            group: String,
        } = "placement.not_one_outcome", InvalidInput,
            "the answer about group `{group}` has to be one of `placed`, `impossible` and `gave_up`",
            "关于组 `{group}` 的答案必须是 `placed`、`impossible`、`gave_up` 三者之一";
    }
}
