/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const abi = $root.abi = (() => {

    /**
     * Namespace abi.
     * @exports abi
     * @namespace
     */
    const abi = {};

    abi.CommandRequest = (function() {

        /**
         * Properties of a CommandRequest.
         * @typedef {Object} abi.CommandRequest.$Properties
         * @property {abi.Hget.$Properties|null} [hget] CommandRequest hget
         * @property {abi.Hgetall.$Properties|null} [hgetall] CommandRequest hgetall
         * @property {abi.Hmget.$Properties|null} [hmget] CommandRequest hmget
         * @property {abi.Hset.$Properties|null} [hset] CommandRequest hset
         * @property {abi.Hmset.$Properties|null} [hmset] CommandRequest hmset
         * @property {abi.Hdel.$Properties|null} [hdel] CommandRequest hdel
         * @property {abi.Hmdel.$Properties|null} [hmdel] CommandRequest hmdel
         * @property {abi.Hexist.$Properties|null} [hexist] CommandRequest hexist
         * @property {abi.Hmexist.$Properties|null} [hmexist] CommandRequest hmexist
         * @property {abi.Subscribe.$Properties|null} [subscribe] CommandRequest subscribe
         * @property {abi.Unsubscribe.$Properties|null} [unsubscribe] CommandRequest unsubscribe
         * @property {abi.Publish.$Properties|null} [publish] CommandRequest publish
         * @property {abi.Hello.$Properties|null} [hello] CommandRequest hello
         * @property {abi.Ping.$Properties|null} [ping] CommandRequest ping
         * @property {abi.Range.$Properties|null} [range] CommandRequest range
         * @property {abi.Count.$Properties|null} [count] CommandRequest count
         * @property {abi.Tables.$Properties|null} [tables] CommandRequest tables
         * @property {abi.Drop.$Properties|null} [drop] CommandRequest drop
         * @property {abi.Flush.$Properties|null} [flush] CommandRequest flush
         * @property {abi.Cancel.$Properties|null} [cancel] CommandRequest cancel
         * @property {abi.Watch.$Properties|null} [watch] CommandRequest watch
         * @property {abi.Increment.$Properties|null} [increment] CommandRequest increment
         * @property {abi.Transaction.$Properties|null} [transaction] CommandRequest transaction
         * @property {number|Long|null} [mutation] CommandRequest mutation
         * @property {number|null} [ageMs] CommandRequest ageMs
         * @property {number|null} [id] CommandRequest id
         * @property {"hget"|"hgetall"|"hmget"|"hset"|"hmset"|"hdel"|"hmdel"|"hexist"|"hmexist"|"subscribe"|"unsubscribe"|"publish"|"hello"|"ping"|"range"|"count"|"tables"|"drop"|"flush"|"cancel"|"watch"|"increment"|"transaction"} [requestData] CommandRequest requestData
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a CommandRequest.
         * @memberof abi
         * @interface ICommandRequest
         * @augments abi.CommandRequest.$Properties
         * @deprecated Use abi.CommandRequest.$Properties instead.
         */

        /**
         * Narrowed shape of a CommandRequest.
         * @typedef {{
         *   hget?: abi.Hget.$Shape|null;
         *   hgetall?: abi.Hgetall.$Shape|null;
         *   hmget?: abi.Hmget.$Shape|null;
         *   hset?: abi.Hset.$Shape|null;
         *   hmset?: abi.Hmset.$Shape|null;
         *   hdel?: abi.Hdel.$Shape|null;
         *   hmdel?: abi.Hmdel.$Shape|null;
         *   hexist?: abi.Hexist.$Shape|null;
         *   hmexist?: abi.Hmexist.$Shape|null;
         *   subscribe?: abi.Subscribe.$Shape|null;
         *   unsubscribe?: abi.Unsubscribe.$Shape|null;
         *   publish?: abi.Publish.$Shape|null;
         *   hello?: abi.Hello.$Shape|null;
         *   ping?: abi.Ping.$Shape|null;
         *   range?: abi.Range.$Shape|null;
         *   count?: abi.Count.$Shape|null;
         *   tables?: abi.Tables.$Shape|null;
         *   drop?: abi.Drop.$Shape|null;
         *   flush?: abi.Flush.$Shape|null;
         *   cancel?: abi.Cancel.$Shape|null;
         *   watch?: abi.Watch.$Shape|null;
         *   increment?: abi.Increment.$Shape|null;
         *   transaction?: abi.Transaction.$Shape|null;
         *   mutation?: number|Long|null;
         *   ageMs?: number|null;
         *   id?: number|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ requestData?: undefined; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hget"; hget: abi.Hget.$Shape; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hgetall"; hget?: null; hgetall: abi.Hgetall.$Shape; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmget"; hget?: null; hgetall?: null; hmget: abi.Hmget.$Shape; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hset"; hget?: null; hgetall?: null; hmget?: null; hset: abi.Hset.$Shape; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmset"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset: abi.Hmset.$Shape; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hdel"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel: abi.Hdel.$Shape; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmdel"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel: abi.Hmdel.$Shape; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hexist"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist: abi.Hexist.$Shape; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmexist"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist: abi.Hmexist.$Shape; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "subscribe"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe: abi.Subscribe.$Shape; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "unsubscribe"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe: abi.Unsubscribe.$Shape; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "publish"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish: abi.Publish.$Shape; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hello"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello: abi.Hello.$Shape; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "ping"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping: abi.Ping.$Shape; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "range"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range: abi.Range.$Shape; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "count"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count: abi.Count.$Shape; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "tables"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables: abi.Tables.$Shape; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "drop"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop: abi.Drop.$Shape; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "flush"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush: abi.Flush.$Shape; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "cancel"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel: abi.Cancel.$Shape; watch?: null; increment?: null; transaction?: null }|{ requestData?: "watch"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch: abi.Watch.$Shape; increment?: null; transaction?: null }|{ requestData?: "increment"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment: abi.Increment.$Shape; transaction?: null }|{ requestData?: "transaction"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction: abi.Transaction.$Shape })
         * )} abi.CommandRequest.$Shape
         */

        /**
         * Constructs a new CommandRequest.
         * @memberof abi
         * @classdesc Represents a CommandRequest.
         * @constructor
         * @param {abi.CommandRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const CommandRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * CommandRequest hget.
         * @member {abi.Hget.$Properties|null|undefined} hget
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hget = null;

        /**
         * CommandRequest hgetall.
         * @member {abi.Hgetall.$Properties|null|undefined} hgetall
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hgetall = null;

        /**
         * CommandRequest hmget.
         * @member {abi.Hmget.$Properties|null|undefined} hmget
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hmget = null;

        /**
         * CommandRequest hset.
         * @member {abi.Hset.$Properties|null|undefined} hset
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hset = null;

        /**
         * CommandRequest hmset.
         * @member {abi.Hmset.$Properties|null|undefined} hmset
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hmset = null;

        /**
         * CommandRequest hdel.
         * @member {abi.Hdel.$Properties|null|undefined} hdel
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hdel = null;

        /**
         * CommandRequest hmdel.
         * @member {abi.Hmdel.$Properties|null|undefined} hmdel
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hmdel = null;

        /**
         * CommandRequest hexist.
         * @member {abi.Hexist.$Properties|null|undefined} hexist
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hexist = null;

        /**
         * CommandRequest hmexist.
         * @member {abi.Hmexist.$Properties|null|undefined} hmexist
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hmexist = null;

        /**
         * CommandRequest subscribe.
         * @member {abi.Subscribe.$Properties|null|undefined} subscribe
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.subscribe = null;

        /**
         * CommandRequest unsubscribe.
         * @member {abi.Unsubscribe.$Properties|null|undefined} unsubscribe
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.unsubscribe = null;

        /**
         * CommandRequest publish.
         * @member {abi.Publish.$Properties|null|undefined} publish
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.publish = null;

        /**
         * CommandRequest hello.
         * @member {abi.Hello.$Properties|null|undefined} hello
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.hello = null;

        /**
         * CommandRequest ping.
         * @member {abi.Ping.$Properties|null|undefined} ping
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.ping = null;

        /**
         * CommandRequest range.
         * @member {abi.Range.$Properties|null|undefined} range
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.range = null;

        /**
         * CommandRequest count.
         * @member {abi.Count.$Properties|null|undefined} count
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.count = null;

        /**
         * CommandRequest tables.
         * @member {abi.Tables.$Properties|null|undefined} tables
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.tables = null;

        /**
         * CommandRequest drop.
         * @member {abi.Drop.$Properties|null|undefined} drop
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.drop = null;

        /**
         * CommandRequest flush.
         * @member {abi.Flush.$Properties|null|undefined} flush
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.flush = null;

        /**
         * CommandRequest cancel.
         * @member {abi.Cancel.$Properties|null|undefined} cancel
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.cancel = null;

        /**
         * CommandRequest watch.
         * @member {abi.Watch.$Properties|null|undefined} watch
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.watch = null;

        /**
         * CommandRequest increment.
         * @member {abi.Increment.$Properties|null|undefined} increment
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.increment = null;

        /**
         * CommandRequest transaction.
         * @member {abi.Transaction.$Properties|null|undefined} transaction
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.transaction = null;

        /**
         * CommandRequest mutation.
         * @member {number|Long} mutation
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.mutation = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * CommandRequest ageMs.
         * @member {number} ageMs
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.ageMs = 0;

        /**
         * CommandRequest id.
         * @member {number} id
         * @memberof abi.CommandRequest
         * @instance
         */
        CommandRequest.prototype.id = 0;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * CommandRequest requestData.
         * @member {"hget"|"hgetall"|"hmget"|"hset"|"hmset"|"hdel"|"hmdel"|"hexist"|"hmexist"|"subscribe"|"unsubscribe"|"publish"|"hello"|"ping"|"range"|"count"|"tables"|"drop"|"flush"|"cancel"|"watch"|"increment"|"transaction"|undefined} requestData
         * @memberof abi.CommandRequest
         * @instance
         */
        $Object.defineProperty(CommandRequest.prototype, "requestData", {
            get: $util.oneOfGetter($oneOfFields = ["hget", "hgetall", "hmget", "hset", "hmset", "hdel", "hmdel", "hexist", "hmexist", "subscribe", "unsubscribe", "publish", "hello", "ping", "range", "count", "tables", "drop", "flush", "cancel", "watch", "increment", "transaction"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified CommandRequest message. Does not implicitly {@link abi.CommandRequest.verify|verify} messages.
         * @function encode
         * @memberof abi.CommandRequest
         * @static
         * @param {abi.CommandRequest.$Properties} message CommandRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        CommandRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hget != null && $Object.hasOwnProperty.call(message, "hget"))
                $root.abi.Hget.encode(message.hget, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.hgetall != null && $Object.hasOwnProperty.call(message, "hgetall"))
                $root.abi.Hgetall.encode(message.hgetall, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.hmget != null && $Object.hasOwnProperty.call(message, "hmget"))
                $root.abi.Hmget.encode(message.hmget, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.hset != null && $Object.hasOwnProperty.call(message, "hset"))
                $root.abi.Hset.encode(message.hset, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.hmset != null && $Object.hasOwnProperty.call(message, "hmset"))
                $root.abi.Hmset.encode(message.hmset, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.hdel != null && $Object.hasOwnProperty.call(message, "hdel"))
                $root.abi.Hdel.encode(message.hdel, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.hmdel != null && $Object.hasOwnProperty.call(message, "hmdel"))
                $root.abi.Hmdel.encode(message.hmdel, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.hexist != null && $Object.hasOwnProperty.call(message, "hexist"))
                $root.abi.Hexist.encode(message.hexist, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.hmexist != null && $Object.hasOwnProperty.call(message, "hmexist"))
                $root.abi.Hmexist.encode(message.hmexist, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.subscribe != null && $Object.hasOwnProperty.call(message, "subscribe"))
                $root.abi.Subscribe.encode(message.subscribe, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
            if (message.unsubscribe != null && $Object.hasOwnProperty.call(message, "unsubscribe"))
                $root.abi.Unsubscribe.encode(message.unsubscribe, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.publish != null && $Object.hasOwnProperty.call(message, "publish"))
                $root.abi.Publish.encode(message.publish, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
            if (message.ageMs != null && $Object.hasOwnProperty.call(message, "ageMs") && message.ageMs !== 0)
                writer.uint32(/* id 13, wireType 0 =*/104).uint32(message.ageMs);
            if (message.mutation != null && $Object.hasOwnProperty.call(message, "mutation") && (typeof message.mutation === "object" ? message.mutation.low || message.mutation.high : message.mutation !== 0))
                writer.uint32(/* id 14, wireType 0 =*/112).uint64(message.mutation);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 15, wireType 0 =*/120).uint32(message.id);
            if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                $root.abi.Hello.encode(message.hello, writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
            if (message.ping != null && $Object.hasOwnProperty.call(message, "ping"))
                $root.abi.Ping.encode(message.ping, writer.uint32(/* id 17, wireType 2 =*/138).fork(), _depth + 1).ldelim();
            if (message.range != null && $Object.hasOwnProperty.call(message, "range"))
                $root.abi.Range.encode(message.range, writer.uint32(/* id 18, wireType 2 =*/146).fork(), _depth + 1).ldelim();
            if (message.count != null && $Object.hasOwnProperty.call(message, "count"))
                $root.abi.Count.encode(message.count, writer.uint32(/* id 19, wireType 2 =*/154).fork(), _depth + 1).ldelim();
            if (message.tables != null && $Object.hasOwnProperty.call(message, "tables"))
                $root.abi.Tables.encode(message.tables, writer.uint32(/* id 20, wireType 2 =*/162).fork(), _depth + 1).ldelim();
            if (message.drop != null && $Object.hasOwnProperty.call(message, "drop"))
                $root.abi.Drop.encode(message.drop, writer.uint32(/* id 21, wireType 2 =*/170).fork(), _depth + 1).ldelim();
            if (message.flush != null && $Object.hasOwnProperty.call(message, "flush"))
                $root.abi.Flush.encode(message.flush, writer.uint32(/* id 22, wireType 2 =*/178).fork(), _depth + 1).ldelim();
            if (message.cancel != null && $Object.hasOwnProperty.call(message, "cancel"))
                $root.abi.Cancel.encode(message.cancel, writer.uint32(/* id 23, wireType 2 =*/186).fork(), _depth + 1).ldelim();
            if (message.watch != null && $Object.hasOwnProperty.call(message, "watch"))
                $root.abi.Watch.encode(message.watch, writer.uint32(/* id 24, wireType 2 =*/194).fork(), _depth + 1).ldelim();
            if (message.increment != null && $Object.hasOwnProperty.call(message, "increment"))
                $root.abi.Increment.encode(message.increment, writer.uint32(/* id 25, wireType 2 =*/202).fork(), _depth + 1).ldelim();
            if (message.transaction != null && $Object.hasOwnProperty.call(message, "transaction"))
                $root.abi.Transaction.encode(message.transaction, writer.uint32(/* id 26, wireType 2 =*/210).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a CommandRequest message from the specified reader or buffer.
         * @function decode
         * @memberof abi.CommandRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.CommandRequest & abi.CommandRequest.$Shape} CommandRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        CommandRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.CommandRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.hget = $root.abi.Hget.decode(reader, reader.size(), $undefined, _depth + 1, message.hget);
                        message.requestData = "hget";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.hgetall = $root.abi.Hgetall.decode(reader, reader.size(), $undefined, _depth + 1, message.hgetall);
                        message.requestData = "hgetall";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.hmget = $root.abi.Hmget.decode(reader, reader.size(), $undefined, _depth + 1, message.hmget);
                        message.requestData = "hmget";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.hset = $root.abi.Hset.decode(reader, reader.size(), $undefined, _depth + 1, message.hset);
                        message.requestData = "hset";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.hmset = $root.abi.Hmset.decode(reader, reader.size(), $undefined, _depth + 1, message.hmset);
                        message.requestData = "hmset";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.hdel = $root.abi.Hdel.decode(reader, reader.size(), $undefined, _depth + 1, message.hdel);
                        message.requestData = "hdel";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.hmdel = $root.abi.Hmdel.decode(reader, reader.size(), $undefined, _depth + 1, message.hmdel);
                        message.requestData = "hmdel";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.hexist = $root.abi.Hexist.decode(reader, reader.size(), $undefined, _depth + 1, message.hexist);
                        message.requestData = "hexist";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.hmexist = $root.abi.Hmexist.decode(reader, reader.size(), $undefined, _depth + 1, message.hmexist);
                        message.requestData = "hmexist";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.subscribe = $root.abi.Subscribe.decode(reader, reader.size(), $undefined, _depth + 1, message.subscribe);
                        message.requestData = "subscribe";
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.unsubscribe = $root.abi.Unsubscribe.decode(reader, reader.size(), $undefined, _depth + 1, message.unsubscribe);
                        message.requestData = "unsubscribe";
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        message.publish = $root.abi.Publish.decode(reader, reader.size(), $undefined, _depth + 1, message.publish);
                        message.requestData = "publish";
                        continue;
                    }
                case 16: {
                        if (wireType !== 2)
                            break;
                        message.hello = $root.abi.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                        message.requestData = "hello";
                        continue;
                    }
                case 17: {
                        if (wireType !== 2)
                            break;
                        message.ping = $root.abi.Ping.decode(reader, reader.size(), $undefined, _depth + 1, message.ping);
                        message.requestData = "ping";
                        continue;
                    }
                case 18: {
                        if (wireType !== 2)
                            break;
                        message.range = $root.abi.Range.decode(reader, reader.size(), $undefined, _depth + 1, message.range);
                        message.requestData = "range";
                        continue;
                    }
                case 19: {
                        if (wireType !== 2)
                            break;
                        message.count = $root.abi.Count.decode(reader, reader.size(), $undefined, _depth + 1, message.count);
                        message.requestData = "count";
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        message.tables = $root.abi.Tables.decode(reader, reader.size(), $undefined, _depth + 1, message.tables);
                        message.requestData = "tables";
                        continue;
                    }
                case 21: {
                        if (wireType !== 2)
                            break;
                        message.drop = $root.abi.Drop.decode(reader, reader.size(), $undefined, _depth + 1, message.drop);
                        message.requestData = "drop";
                        continue;
                    }
                case 22: {
                        if (wireType !== 2)
                            break;
                        message.flush = $root.abi.Flush.decode(reader, reader.size(), $undefined, _depth + 1, message.flush);
                        message.requestData = "flush";
                        continue;
                    }
                case 23: {
                        if (wireType !== 2)
                            break;
                        message.cancel = $root.abi.Cancel.decode(reader, reader.size(), $undefined, _depth + 1, message.cancel);
                        message.requestData = "cancel";
                        continue;
                    }
                case 24: {
                        if (wireType !== 2)
                            break;
                        message.watch = $root.abi.Watch.decode(reader, reader.size(), $undefined, _depth + 1, message.watch);
                        message.requestData = "watch";
                        continue;
                    }
                case 25: {
                        if (wireType !== 2)
                            break;
                        message.increment = $root.abi.Increment.decode(reader, reader.size(), $undefined, _depth + 1, message.increment);
                        message.requestData = "increment";
                        continue;
                    }
                case 26: {
                        if (wireType !== 2)
                            break;
                        message.transaction = $root.abi.Transaction.decode(reader, reader.size(), $undefined, _depth + 1, message.transaction);
                        message.requestData = "transaction";
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.mutation = value;
                        else
                            delete message.mutation;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.ageMs = value;
                        else
                            delete message.ageMs;
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CommandRequest;
    })();

    abi.CommandResponse = (function() {

        /**
         * Properties of a CommandResponse.
         * @typedef {Object} abi.CommandResponse.$Properties
         * @property {number|null} [status] CommandResponse status
         * @property {string|null} [message] CommandResponse message
         * @property {Array.<Uint8Array>|null} [values] CommandResponse values
         * @property {Array.<abi.Kvpair.$Properties>|null} [pairs] CommandResponse pairs
         * @property {Array.<number|Long>|null} [revisions] CommandResponse revisions
         * @property {number|Long|null} [count] CommandResponse count
         * @property {boolean|null} [more] CommandResponse more
         * @property {Uint8Array|null} [cursor] CommandResponse cursor
         * @property {number|Long|null} [missed] CommandResponse missed
         * @property {Array.<abi.TableInfo.$Properties>|null} [tables] CommandResponse tables
         * @property {abi.Welcome.$Properties|null} [welcome] CommandResponse welcome
         * @property {number|null} [retryAfterMs] CommandResponse retryAfterMs
         * @property {abi.Durability|null} [durability] CommandResponse durability
         * @property {number|Long|null} [revision] CommandResponse revision
         * @property {number|null} [id] CommandResponse id
         * @property {Array.<number>|null} [failed] CommandResponse failed
         * @property {Array.<abi.Change.$Properties>|null} [changes] CommandResponse changes
         * @property {abi.WatchPhase|null} [phase] CommandResponse phase
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a CommandResponse.
         * @memberof abi
         * @interface ICommandResponse
         * @augments abi.CommandResponse.$Properties
         * @deprecated Use abi.CommandResponse.$Properties instead.
         */

        /**
         * Shape of a CommandResponse.
         * @typedef {abi.CommandResponse.$Properties} abi.CommandResponse.$Shape
         */

        /**
         * Constructs a new CommandResponse.
         * @memberof abi
         * @classdesc Represents a CommandResponse.
         * @constructor
         * @param {abi.CommandResponse.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const CommandResponse = function (properties) {
            this.values = [];
            this.pairs = [];
            this.revisions = [];
            this.tables = [];
            this.failed = [];
            this.changes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * CommandResponse status.
         * @member {number} status
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.status = 0;

        /**
         * CommandResponse message.
         * @member {string} message
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.message = "";

        /**
         * CommandResponse values.
         * @member {Array.<Uint8Array>} values
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.values = $util.emptyArray;

        /**
         * CommandResponse pairs.
         * @member {Array.<abi.Kvpair.$Properties>} pairs
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.pairs = $util.emptyArray;

        /**
         * CommandResponse revisions.
         * @member {Array.<number|Long>} revisions
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.revisions = $util.emptyArray;

        /**
         * CommandResponse count.
         * @member {number|Long} count
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * CommandResponse more.
         * @member {boolean} more
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.more = false;

        /**
         * CommandResponse cursor.
         * @member {Uint8Array} cursor
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.cursor = $util.newBuffer([]);

        /**
         * CommandResponse missed.
         * @member {number|Long} missed
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.missed = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * CommandResponse tables.
         * @member {Array.<abi.TableInfo.$Properties>} tables
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.tables = $util.emptyArray;

        /**
         * CommandResponse welcome.
         * @member {abi.Welcome.$Properties|null|undefined} welcome
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.welcome = null;

        /**
         * CommandResponse retryAfterMs.
         * @member {number} retryAfterMs
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.retryAfterMs = 0;

        /**
         * CommandResponse durability.
         * @member {abi.Durability} durability
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.durability = 0;

        /**
         * CommandResponse revision.
         * @member {number|Long} revision
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * CommandResponse id.
         * @member {number} id
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.id = 0;

        /**
         * CommandResponse failed.
         * @member {Array.<number>} failed
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.failed = $util.emptyArray;

        /**
         * CommandResponse changes.
         * @member {Array.<abi.Change.$Properties>} changes
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.changes = $util.emptyArray;

        /**
         * CommandResponse phase.
         * @member {abi.WatchPhase} phase
         * @memberof abi.CommandResponse
         * @instance
         */
        CommandResponse.prototype.phase = 0;

        /**
         * Encodes the specified CommandResponse message. Does not implicitly {@link abi.CommandResponse.verify|verify} messages.
         * @function encode
         * @memberof abi.CommandResponse
         * @static
         * @param {abi.CommandResponse.$Properties} message CommandResponse message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        CommandResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.status);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
            if (message.values != null && message.values.length)
                for (let i = 0; i < message.values.length; ++i)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.values[i]);
            if (message.pairs != null && message.pairs.length)
                for (let i = 0; i < message.pairs.length; ++i)
                    $root.abi.Kvpair.encode(message.pairs[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.revisions != null && message.revisions.length)
                writer.uint32(/* id 5, wireType 2 =*/42).uint64s(message.revisions);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.count);
            if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.more);
            if (message.cursor != null && $Object.hasOwnProperty.call(message, "cursor") && message.cursor.length)
                writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.cursor);
            if (message.missed != null && $Object.hasOwnProperty.call(message, "missed") && (typeof message.missed === "object" ? message.missed.low || message.missed.high : message.missed !== 0))
                writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.missed);
            if (message.tables != null && message.tables.length)
                for (let i = 0; i < message.tables.length; ++i)
                    $root.abi.TableInfo.encode(message.tables[i], writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
            if (message.welcome != null && $Object.hasOwnProperty.call(message, "welcome"))
                $root.abi.Welcome.encode(message.welcome, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.retryAfterMs != null && $Object.hasOwnProperty.call(message, "retryAfterMs") && message.retryAfterMs !== 0)
                writer.uint32(/* id 12, wireType 0 =*/96).uint32(message.retryAfterMs);
            if (message.durability != null && $Object.hasOwnProperty.call(message, "durability") && message.durability !== 0)
                writer.uint32(/* id 13, wireType 0 =*/104).int32(message.durability);
            if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                writer.uint32(/* id 14, wireType 0 =*/112).uint64(message.revision);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 15, wireType 0 =*/120).uint32(message.id);
            if (message.failed != null && message.failed.length)
                writer.uint32(/* id 16, wireType 2 =*/130).uint32s(message.failed);
            if (message.changes != null && message.changes.length)
                for (let i = 0; i < message.changes.length; ++i)
                    $root.abi.Change.encode(message.changes[i], writer.uint32(/* id 17, wireType 2 =*/138).fork(), _depth + 1).ldelim();
            if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== 0)
                writer.uint32(/* id 18, wireType 0 =*/144).int32(message.phase);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a CommandResponse message from the specified reader or buffer.
         * @function decode
         * @memberof abi.CommandResponse
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.CommandResponse & abi.CommandResponse.$Shape} CommandResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        CommandResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.CommandResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.status = value;
                        else
                            delete message.status;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.values && message.values.length))
                            message.values = [];
                        message.values.push(reader.bytes());
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pairs && message.pairs.length))
                            message.pairs = [];
                        message.pairs.push($root.abi.Kvpair.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType === 2) {
                            if (!(message.revisions && message.revisions.length))
                                message.revisions = [];
                            reader.uint64s(message.revisions);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.revisions && message.revisions.length))
                            message.revisions = [];
                        message.revisions.push(reader.uint64());
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.more = value;
                        else
                            delete message.more;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.cursor = value;
                        else
                            delete message.cursor;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.missed = value;
                        else
                            delete message.missed;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.tables && message.tables.length))
                            message.tables = [];
                        message.tables.push($root.abi.TableInfo.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.welcome = $root.abi.Welcome.decode(reader, reader.size(), $undefined, _depth + 1, message.welcome);
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.retryAfterMs = value;
                        else
                            delete message.retryAfterMs;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.durability = value;
                        else
                            delete message.durability;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.revision = value;
                        else
                            delete message.revision;
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 16: {
                        if (wireType === 2) {
                            if (!(message.failed && message.failed.length))
                                message.failed = [];
                            reader.uint32s(message.failed);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.failed && message.failed.length))
                            message.failed = [];
                        message.failed.push(reader.uint32());
                        continue;
                    }
                case 17: {
                        if (wireType !== 2)
                            break;
                        if (!(message.changes && message.changes.length))
                            message.changes = [];
                        message.changes.push($root.abi.Change.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 18: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.phase = value;
                        else
                            delete message.phase;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CommandResponse;
    })();

    /**
     * WatchPhase enum.
     * @name abi.WatchPhase
     * @enum {number}
     * @property {number} CHANGES=0 CHANGES value
     * @property {number} SNAPSHOT=1 SNAPSHOT value
     * @property {number} DIFFERENCE=2 DIFFERENCE value
     * @property {number} SYNCED=3 SYNCED value
     * @property {number} LAGGED=4 LAGGED value
     * @property {number} BOOKMARK=5 BOOKMARK value
     */
    abi.WatchPhase = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "CHANGES"] = 0;
        values[valuesById[1] = "SNAPSHOT"] = 1;
        values[valuesById[2] = "DIFFERENCE"] = 2;
        values[valuesById[3] = "SYNCED"] = 3;
        values[valuesById[4] = "LAGGED"] = 4;
        values[valuesById[5] = "BOOKMARK"] = 5;
        return values;
    })();

    abi.Change = (function() {

        /**
         * Properties of a Change.
         * @typedef {Object} abi.Change.$Properties
         * @property {Uint8Array|null} [key] Change key
         * @property {Uint8Array|null} [value] Change value
         * @property {number|Long|null} [revision] Change revision
         * @property {boolean|null} [deleted] Change deleted
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Change.
         * @memberof abi
         * @interface IChange
         * @augments abi.Change.$Properties
         * @deprecated Use abi.Change.$Properties instead.
         */

        /**
         * Shape of a Change.
         * @typedef {abi.Change.$Properties} abi.Change.$Shape
         */

        /**
         * Constructs a new Change.
         * @memberof abi
         * @classdesc Represents a Change.
         * @constructor
         * @param {abi.Change.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Change = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Change key.
         * @member {Uint8Array} key
         * @memberof abi.Change
         * @instance
         */
        Change.prototype.key = $util.newBuffer([]);

        /**
         * Change value.
         * @member {Uint8Array} value
         * @memberof abi.Change
         * @instance
         */
        Change.prototype.value = $util.newBuffer([]);

        /**
         * Change revision.
         * @member {number|Long} revision
         * @memberof abi.Change
         * @instance
         */
        Change.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Change deleted.
         * @member {boolean} deleted
         * @memberof abi.Change
         * @instance
         */
        Change.prototype.deleted = false;

        /**
         * Encodes the specified Change message. Does not implicitly {@link abi.Change.verify|verify} messages.
         * @function encode
         * @memberof abi.Change
         * @static
         * @param {abi.Change.$Properties} message Change message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Change.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.value);
            if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.revision);
            if (message.deleted != null && $Object.hasOwnProperty.call(message, "deleted") && message.deleted !== false)
                writer.uint32(/* id 4, wireType 0 =*/32).bool(message.deleted);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Change message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Change
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Change & abi.Change.$Shape} Change
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Change.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Change();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.revision = value;
                        else
                            delete message.revision;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.deleted = value;
                        else
                            delete message.deleted;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Change;
    })();

    /**
     * Durability enum.
     * @name abi.Durability
     * @enum {number}
     * @property {number} FLUSH=0 FLUSH value
     * @property {number} COMMIT=1 COMMIT value
     * @property {number} VOLATILE=2 VOLATILE value
     */
    abi.Durability = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "FLUSH"] = 0;
        values[valuesById[1] = "COMMIT"] = 1;
        values[valuesById[2] = "VOLATILE"] = 2;
        return values;
    })();

    abi.Kvpair = (function() {

        /**
         * Properties of a Kvpair.
         * @typedef {Object} abi.Kvpair.$Properties
         * @property {Uint8Array|null} [key] Kvpair key
         * @property {Uint8Array|null} [value] Kvpair value
         * @property {number|Long|null} [revision] Kvpair revision
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Kvpair.
         * @memberof abi
         * @interface IKvpair
         * @augments abi.Kvpair.$Properties
         * @deprecated Use abi.Kvpair.$Properties instead.
         */

        /**
         * Shape of a Kvpair.
         * @typedef {abi.Kvpair.$Properties} abi.Kvpair.$Shape
         */

        /**
         * Constructs a new Kvpair.
         * @memberof abi
         * @classdesc Represents a Kvpair.
         * @constructor
         * @param {abi.Kvpair.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Kvpair = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Kvpair key.
         * @member {Uint8Array} key
         * @memberof abi.Kvpair
         * @instance
         */
        Kvpair.prototype.key = $util.newBuffer([]);

        /**
         * Kvpair value.
         * @member {Uint8Array} value
         * @memberof abi.Kvpair
         * @instance
         */
        Kvpair.prototype.value = $util.newBuffer([]);

        /**
         * Kvpair revision.
         * @member {number|Long} revision
         * @memberof abi.Kvpair
         * @instance
         */
        Kvpair.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Encodes the specified Kvpair message. Does not implicitly {@link abi.Kvpair.verify|verify} messages.
         * @function encode
         * @memberof abi.Kvpair
         * @static
         * @param {abi.Kvpair.$Properties} message Kvpair message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Kvpair.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.value);
            if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.revision);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Kvpair message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Kvpair
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Kvpair & abi.Kvpair.$Shape} Kvpair
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Kvpair.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Kvpair();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.revision = value;
                        else
                            delete message.revision;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Kvpair;
    })();

    abi.Hget = (function() {

        /**
         * Properties of a Hget.
         * @typedef {Object} abi.Hget.$Properties
         * @property {Uint8Array|null} [table] Hget table
         * @property {Uint8Array|null} [key] Hget key
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hget.
         * @memberof abi
         * @interface IHget
         * @augments abi.Hget.$Properties
         * @deprecated Use abi.Hget.$Properties instead.
         */

        /**
         * Shape of a Hget.
         * @typedef {abi.Hget.$Properties} abi.Hget.$Shape
         */

        /**
         * Constructs a new Hget.
         * @memberof abi
         * @classdesc Represents a Hget.
         * @constructor
         * @param {abi.Hget.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hget = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hget table.
         * @member {Uint8Array} table
         * @memberof abi.Hget
         * @instance
         */
        Hget.prototype.table = $util.newBuffer([]);

        /**
         * Hget key.
         * @member {Uint8Array} key
         * @memberof abi.Hget
         * @instance
         */
        Hget.prototype.key = $util.newBuffer([]);

        /**
         * Encodes the specified Hget message. Does not implicitly {@link abi.Hget.verify|verify} messages.
         * @function encode
         * @memberof abi.Hget
         * @static
         * @param {abi.Hget.$Properties} message Hget message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hget.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hget message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hget
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hget & abi.Hget.$Shape} Hget
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hget.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hget();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hget;
    })();

    abi.Hgetall = (function() {

        /**
         * Properties of a Hgetall.
         * @typedef {Object} abi.Hgetall.$Properties
         * @property {Uint8Array|null} [table] Hgetall table
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hgetall.
         * @memberof abi
         * @interface IHgetall
         * @augments abi.Hgetall.$Properties
         * @deprecated Use abi.Hgetall.$Properties instead.
         */

        /**
         * Shape of a Hgetall.
         * @typedef {abi.Hgetall.$Properties} abi.Hgetall.$Shape
         */

        /**
         * Constructs a new Hgetall.
         * @memberof abi
         * @classdesc Represents a Hgetall.
         * @constructor
         * @param {abi.Hgetall.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hgetall = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hgetall table.
         * @member {Uint8Array} table
         * @memberof abi.Hgetall
         * @instance
         */
        Hgetall.prototype.table = $util.newBuffer([]);

        /**
         * Encodes the specified Hgetall message. Does not implicitly {@link abi.Hgetall.verify|verify} messages.
         * @function encode
         * @memberof abi.Hgetall
         * @static
         * @param {abi.Hgetall.$Properties} message Hgetall message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hgetall.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hgetall message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hgetall
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hgetall & abi.Hgetall.$Shape} Hgetall
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hgetall.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hgetall();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hgetall;
    })();

    abi.Hmget = (function() {

        /**
         * Properties of a Hmget.
         * @typedef {Object} abi.Hmget.$Properties
         * @property {Uint8Array|null} [table] Hmget table
         * @property {Array.<Uint8Array>|null} [keys] Hmget keys
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hmget.
         * @memberof abi
         * @interface IHmget
         * @augments abi.Hmget.$Properties
         * @deprecated Use abi.Hmget.$Properties instead.
         */

        /**
         * Shape of a Hmget.
         * @typedef {abi.Hmget.$Properties} abi.Hmget.$Shape
         */

        /**
         * Constructs a new Hmget.
         * @memberof abi
         * @classdesc Represents a Hmget.
         * @constructor
         * @param {abi.Hmget.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hmget = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hmget table.
         * @member {Uint8Array} table
         * @memberof abi.Hmget
         * @instance
         */
        Hmget.prototype.table = $util.newBuffer([]);

        /**
         * Hmget keys.
         * @member {Array.<Uint8Array>} keys
         * @memberof abi.Hmget
         * @instance
         */
        Hmget.prototype.keys = $util.emptyArray;

        /**
         * Encodes the specified Hmget message. Does not implicitly {@link abi.Hmget.verify|verify} messages.
         * @function encode
         * @memberof abi.Hmget
         * @static
         * @param {abi.Hmget.$Properties} message Hmget message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hmget.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hmget message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hmget
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hmget & abi.Hmget.$Shape} Hmget
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hmget.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hmget();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hmget;
    })();

    abi.Hset = (function() {

        /**
         * Properties of a Hset.
         * @typedef {Object} abi.Hset.$Properties
         * @property {Uint8Array|null} [table] Hset table
         * @property {abi.Kvpair.$Properties|null} [pair] Hset pair
         * @property {boolean|null} [ifAbsent] Hset ifAbsent
         * @property {number|Long|null} [ifRevision] Hset ifRevision
         * @property {number|Long|null} [ttlMs] Hset ttlMs
         * @property {boolean|null} [lease] Hset lease
         * @property {boolean|null} [keep] Hset keep
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hset.
         * @memberof abi
         * @interface IHset
         * @augments abi.Hset.$Properties
         * @deprecated Use abi.Hset.$Properties instead.
         */

        /**
         * Shape of a Hset.
         * @typedef {abi.Hset.$Properties} abi.Hset.$Shape
         */

        /**
         * Constructs a new Hset.
         * @memberof abi
         * @classdesc Represents a Hset.
         * @constructor
         * @param {abi.Hset.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hset = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hset table.
         * @member {Uint8Array} table
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.table = $util.newBuffer([]);

        /**
         * Hset pair.
         * @member {abi.Kvpair.$Properties|null|undefined} pair
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.pair = null;

        /**
         * Hset ifAbsent.
         * @member {boolean} ifAbsent
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.ifAbsent = false;

        /**
         * Hset ifRevision.
         * @member {number|Long} ifRevision
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.ifRevision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Hset ttlMs.
         * @member {number|Long} ttlMs
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.ttlMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Hset lease.
         * @member {boolean} lease
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.lease = false;

        /**
         * Hset keep.
         * @member {boolean} keep
         * @memberof abi.Hset
         * @instance
         */
        Hset.prototype.keep = false;

        /**
         * Encodes the specified Hset message. Does not implicitly {@link abi.Hset.verify|verify} messages.
         * @function encode
         * @memberof abi.Hset
         * @static
         * @param {abi.Hset.$Properties} message Hset message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hset.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.pair != null && $Object.hasOwnProperty.call(message, "pair"))
                $root.abi.Kvpair.encode(message.pair, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.ifAbsent != null && $Object.hasOwnProperty.call(message, "ifAbsent") && message.ifAbsent !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.ifAbsent);
            if (message.ifRevision != null && $Object.hasOwnProperty.call(message, "ifRevision") && (typeof message.ifRevision === "object" ? message.ifRevision.low || message.ifRevision.high : message.ifRevision !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.ifRevision);
            if (message.ttlMs != null && $Object.hasOwnProperty.call(message, "ttlMs") && (typeof message.ttlMs === "object" ? message.ttlMs.low || message.ttlMs.high : message.ttlMs !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.ttlMs);
            if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && message.lease !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.lease);
            if (message.keep != null && $Object.hasOwnProperty.call(message, "keep") && message.keep !== false)
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.keep);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hset message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hset
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hset & abi.Hset.$Shape} Hset
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hset.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hset();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.pair = $root.abi.Kvpair.decode(reader, reader.size(), $undefined, _depth + 1, message.pair);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.ifAbsent = value;
                        else
                            delete message.ifAbsent;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ifRevision = value;
                        else
                            delete message.ifRevision;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ttlMs = value;
                        else
                            delete message.ttlMs;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.lease = value;
                        else
                            delete message.lease;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.keep = value;
                        else
                            delete message.keep;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hset;
    })();

    abi.Hmset = (function() {

        /**
         * Properties of a Hmset.
         * @typedef {Object} abi.Hmset.$Properties
         * @property {Uint8Array|null} [table] Hmset table
         * @property {Array.<abi.Kvpair.$Properties>|null} [pairs] Hmset pairs
         * @property {number|Long|null} [ttlMs] Hmset ttlMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hmset.
         * @memberof abi
         * @interface IHmset
         * @augments abi.Hmset.$Properties
         * @deprecated Use abi.Hmset.$Properties instead.
         */

        /**
         * Shape of a Hmset.
         * @typedef {abi.Hmset.$Properties} abi.Hmset.$Shape
         */

        /**
         * Constructs a new Hmset.
         * @memberof abi
         * @classdesc Represents a Hmset.
         * @constructor
         * @param {abi.Hmset.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hmset = function (properties) {
            this.pairs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hmset table.
         * @member {Uint8Array} table
         * @memberof abi.Hmset
         * @instance
         */
        Hmset.prototype.table = $util.newBuffer([]);

        /**
         * Hmset pairs.
         * @member {Array.<abi.Kvpair.$Properties>} pairs
         * @memberof abi.Hmset
         * @instance
         */
        Hmset.prototype.pairs = $util.emptyArray;

        /**
         * Hmset ttlMs.
         * @member {number|Long} ttlMs
         * @memberof abi.Hmset
         * @instance
         */
        Hmset.prototype.ttlMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Encodes the specified Hmset message. Does not implicitly {@link abi.Hmset.verify|verify} messages.
         * @function encode
         * @memberof abi.Hmset
         * @static
         * @param {abi.Hmset.$Properties} message Hmset message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hmset.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.pairs != null && message.pairs.length)
                for (let i = 0; i < message.pairs.length; ++i)
                    $root.abi.Kvpair.encode(message.pairs[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.ttlMs != null && $Object.hasOwnProperty.call(message, "ttlMs") && (typeof message.ttlMs === "object" ? message.ttlMs.low || message.ttlMs.high : message.ttlMs !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.ttlMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hmset message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hmset
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hmset & abi.Hmset.$Shape} Hmset
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hmset.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hmset();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pairs && message.pairs.length))
                            message.pairs = [];
                        message.pairs.push($root.abi.Kvpair.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ttlMs = value;
                        else
                            delete message.ttlMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hmset;
    })();

    abi.Hdel = (function() {

        /**
         * Properties of a Hdel.
         * @typedef {Object} abi.Hdel.$Properties
         * @property {Uint8Array|null} [table] Hdel table
         * @property {Uint8Array|null} [key] Hdel key
         * @property {number|Long|null} [ifRevision] Hdel ifRevision
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hdel.
         * @memberof abi
         * @interface IHdel
         * @augments abi.Hdel.$Properties
         * @deprecated Use abi.Hdel.$Properties instead.
         */

        /**
         * Shape of a Hdel.
         * @typedef {abi.Hdel.$Properties} abi.Hdel.$Shape
         */

        /**
         * Constructs a new Hdel.
         * @memberof abi
         * @classdesc Represents a Hdel.
         * @constructor
         * @param {abi.Hdel.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hdel = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hdel table.
         * @member {Uint8Array} table
         * @memberof abi.Hdel
         * @instance
         */
        Hdel.prototype.table = $util.newBuffer([]);

        /**
         * Hdel key.
         * @member {Uint8Array} key
         * @memberof abi.Hdel
         * @instance
         */
        Hdel.prototype.key = $util.newBuffer([]);

        /**
         * Hdel ifRevision.
         * @member {number|Long} ifRevision
         * @memberof abi.Hdel
         * @instance
         */
        Hdel.prototype.ifRevision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Encodes the specified Hdel message. Does not implicitly {@link abi.Hdel.verify|verify} messages.
         * @function encode
         * @memberof abi.Hdel
         * @static
         * @param {abi.Hdel.$Properties} message Hdel message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hdel.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.ifRevision != null && $Object.hasOwnProperty.call(message, "ifRevision") && (typeof message.ifRevision === "object" ? message.ifRevision.low || message.ifRevision.high : message.ifRevision !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.ifRevision);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hdel message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hdel
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hdel & abi.Hdel.$Shape} Hdel
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hdel.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hdel();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ifRevision = value;
                        else
                            delete message.ifRevision;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hdel;
    })();

    abi.Hmdel = (function() {

        /**
         * Properties of a Hmdel.
         * @typedef {Object} abi.Hmdel.$Properties
         * @property {Uint8Array|null} [table] Hmdel table
         * @property {Array.<Uint8Array>|null} [keys] Hmdel keys
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hmdel.
         * @memberof abi
         * @interface IHmdel
         * @augments abi.Hmdel.$Properties
         * @deprecated Use abi.Hmdel.$Properties instead.
         */

        /**
         * Shape of a Hmdel.
         * @typedef {abi.Hmdel.$Properties} abi.Hmdel.$Shape
         */

        /**
         * Constructs a new Hmdel.
         * @memberof abi
         * @classdesc Represents a Hmdel.
         * @constructor
         * @param {abi.Hmdel.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hmdel = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hmdel table.
         * @member {Uint8Array} table
         * @memberof abi.Hmdel
         * @instance
         */
        Hmdel.prototype.table = $util.newBuffer([]);

        /**
         * Hmdel keys.
         * @member {Array.<Uint8Array>} keys
         * @memberof abi.Hmdel
         * @instance
         */
        Hmdel.prototype.keys = $util.emptyArray;

        /**
         * Encodes the specified Hmdel message. Does not implicitly {@link abi.Hmdel.verify|verify} messages.
         * @function encode
         * @memberof abi.Hmdel
         * @static
         * @param {abi.Hmdel.$Properties} message Hmdel message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hmdel.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hmdel message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hmdel
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hmdel & abi.Hmdel.$Shape} Hmdel
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hmdel.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hmdel();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hmdel;
    })();

    abi.Hexist = (function() {

        /**
         * Properties of a Hexist.
         * @typedef {Object} abi.Hexist.$Properties
         * @property {Uint8Array|null} [table] Hexist table
         * @property {Uint8Array|null} [key] Hexist key
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hexist.
         * @memberof abi
         * @interface IHexist
         * @augments abi.Hexist.$Properties
         * @deprecated Use abi.Hexist.$Properties instead.
         */

        /**
         * Shape of a Hexist.
         * @typedef {abi.Hexist.$Properties} abi.Hexist.$Shape
         */

        /**
         * Constructs a new Hexist.
         * @memberof abi
         * @classdesc Represents a Hexist.
         * @constructor
         * @param {abi.Hexist.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hexist = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hexist table.
         * @member {Uint8Array} table
         * @memberof abi.Hexist
         * @instance
         */
        Hexist.prototype.table = $util.newBuffer([]);

        /**
         * Hexist key.
         * @member {Uint8Array} key
         * @memberof abi.Hexist
         * @instance
         */
        Hexist.prototype.key = $util.newBuffer([]);

        /**
         * Encodes the specified Hexist message. Does not implicitly {@link abi.Hexist.verify|verify} messages.
         * @function encode
         * @memberof abi.Hexist
         * @static
         * @param {abi.Hexist.$Properties} message Hexist message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hexist.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hexist message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hexist
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hexist & abi.Hexist.$Shape} Hexist
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hexist.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hexist();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hexist;
    })();

    abi.Hmexist = (function() {

        /**
         * Properties of a Hmexist.
         * @typedef {Object} abi.Hmexist.$Properties
         * @property {Uint8Array|null} [table] Hmexist table
         * @property {Array.<Uint8Array>|null} [keys] Hmexist keys
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hmexist.
         * @memberof abi
         * @interface IHmexist
         * @augments abi.Hmexist.$Properties
         * @deprecated Use abi.Hmexist.$Properties instead.
         */

        /**
         * Shape of a Hmexist.
         * @typedef {abi.Hmexist.$Properties} abi.Hmexist.$Shape
         */

        /**
         * Constructs a new Hmexist.
         * @memberof abi
         * @classdesc Represents a Hmexist.
         * @constructor
         * @param {abi.Hmexist.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hmexist = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hmexist table.
         * @member {Uint8Array} table
         * @memberof abi.Hmexist
         * @instance
         */
        Hmexist.prototype.table = $util.newBuffer([]);

        /**
         * Hmexist keys.
         * @member {Array.<Uint8Array>} keys
         * @memberof abi.Hmexist
         * @instance
         */
        Hmexist.prototype.keys = $util.emptyArray;

        /**
         * Encodes the specified Hmexist message. Does not implicitly {@link abi.Hmexist.verify|verify} messages.
         * @function encode
         * @memberof abi.Hmexist
         * @static
         * @param {abi.Hmexist.$Properties} message Hmexist message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hmexist.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.keys[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hmexist message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hmexist
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hmexist & abi.Hmexist.$Shape} Hmexist
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hmexist.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hmexist();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hmexist;
    })();

    abi.Subscribe = (function() {

        /**
         * Properties of a Subscribe.
         * @typedef {Object} abi.Subscribe.$Properties
         * @property {Uint8Array|null} [topic] Subscribe topic
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Subscribe.
         * @memberof abi
         * @interface ISubscribe
         * @augments abi.Subscribe.$Properties
         * @deprecated Use abi.Subscribe.$Properties instead.
         */

        /**
         * Shape of a Subscribe.
         * @typedef {abi.Subscribe.$Properties} abi.Subscribe.$Shape
         */

        /**
         * Constructs a new Subscribe.
         * @memberof abi
         * @classdesc Represents a Subscribe.
         * @constructor
         * @param {abi.Subscribe.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Subscribe = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Subscribe topic.
         * @member {Uint8Array} topic
         * @memberof abi.Subscribe
         * @instance
         */
        Subscribe.prototype.topic = $util.newBuffer([]);

        /**
         * Encodes the specified Subscribe message. Does not implicitly {@link abi.Subscribe.verify|verify} messages.
         * @function encode
         * @memberof abi.Subscribe
         * @static
         * @param {abi.Subscribe.$Properties} message Subscribe message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Subscribe.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.topic);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Subscribe message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Subscribe
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Subscribe & abi.Subscribe.$Shape} Subscribe
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Subscribe.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Subscribe();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.topic = value;
                        else
                            delete message.topic;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Subscribe;
    })();

    abi.Unsubscribe = (function() {

        /**
         * Properties of an Unsubscribe.
         * @typedef {Object} abi.Unsubscribe.$Properties
         * @property {Uint8Array|null} [topic] Unsubscribe topic
         * @property {number|null} [id] Unsubscribe id
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Unsubscribe.
         * @memberof abi
         * @interface IUnsubscribe
         * @augments abi.Unsubscribe.$Properties
         * @deprecated Use abi.Unsubscribe.$Properties instead.
         */

        /**
         * Shape of an Unsubscribe.
         * @typedef {abi.Unsubscribe.$Properties} abi.Unsubscribe.$Shape
         */

        /**
         * Constructs a new Unsubscribe.
         * @memberof abi
         * @classdesc Represents an Unsubscribe.
         * @constructor
         * @param {abi.Unsubscribe.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Unsubscribe = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Unsubscribe topic.
         * @member {Uint8Array} topic
         * @memberof abi.Unsubscribe
         * @instance
         */
        Unsubscribe.prototype.topic = $util.newBuffer([]);

        /**
         * Unsubscribe id.
         * @member {number} id
         * @memberof abi.Unsubscribe
         * @instance
         */
        Unsubscribe.prototype.id = 0;

        /**
         * Encodes the specified Unsubscribe message. Does not implicitly {@link abi.Unsubscribe.verify|verify} messages.
         * @function encode
         * @memberof abi.Unsubscribe
         * @static
         * @param {abi.Unsubscribe.$Properties} message Unsubscribe message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Unsubscribe.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.topic);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Unsubscribe message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Unsubscribe
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Unsubscribe & abi.Unsubscribe.$Shape} Unsubscribe
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Unsubscribe.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Unsubscribe();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.topic = value;
                        else
                            delete message.topic;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Unsubscribe;
    })();

    abi.Publish = (function() {

        /**
         * Properties of a Publish.
         * @typedef {Object} abi.Publish.$Properties
         * @property {Uint8Array|null} [topic] Publish topic
         * @property {Array.<Uint8Array>|null} [data] Publish data
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Publish.
         * @memberof abi
         * @interface IPublish
         * @augments abi.Publish.$Properties
         * @deprecated Use abi.Publish.$Properties instead.
         */

        /**
         * Shape of a Publish.
         * @typedef {abi.Publish.$Properties} abi.Publish.$Shape
         */

        /**
         * Constructs a new Publish.
         * @memberof abi
         * @classdesc Represents a Publish.
         * @constructor
         * @param {abi.Publish.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Publish = function (properties) {
            this.data = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Publish topic.
         * @member {Uint8Array} topic
         * @memberof abi.Publish
         * @instance
         */
        Publish.prototype.topic = $util.newBuffer([]);

        /**
         * Publish data.
         * @member {Array.<Uint8Array>} data
         * @memberof abi.Publish
         * @instance
         */
        Publish.prototype.data = $util.emptyArray;

        /**
         * Encodes the specified Publish message. Does not implicitly {@link abi.Publish.verify|verify} messages.
         * @function encode
         * @memberof abi.Publish
         * @static
         * @param {abi.Publish.$Properties} message Publish message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Publish.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.topic);
            if (message.data != null && message.data.length)
                for (let i = 0; i < message.data.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.data[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Publish message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Publish
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Publish & abi.Publish.$Shape} Publish
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Publish.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Publish();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.topic = value;
                        else
                            delete message.topic;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.data && message.data.length))
                            message.data = [];
                        message.data.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Publish;
    })();

    abi.Hello = (function() {

        /**
         * Properties of a Hello.
         * @typedef {Object} abi.Hello.$Properties
         * @property {number|null} [version] Hello version
         * @property {string|null} [token] Hello token
         * @property {string|null} [client] Hello client
         * @property {string|null} [clientId] Hello clientId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hello.
         * @memberof abi
         * @interface IHello
         * @augments abi.Hello.$Properties
         * @deprecated Use abi.Hello.$Properties instead.
         */

        /**
         * Shape of a Hello.
         * @typedef {abi.Hello.$Properties} abi.Hello.$Shape
         */

        /**
         * Constructs a new Hello.
         * @memberof abi
         * @classdesc Represents a Hello.
         * @constructor
         * @param {abi.Hello.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hello = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hello version.
         * @member {number} version
         * @memberof abi.Hello
         * @instance
         */
        Hello.prototype.version = 0;

        /**
         * Hello token.
         * @member {string} token
         * @memberof abi.Hello
         * @instance
         */
        Hello.prototype.token = "";

        /**
         * Hello client.
         * @member {string} client
         * @memberof abi.Hello
         * @instance
         */
        Hello.prototype.client = "";

        /**
         * Hello clientId.
         * @member {string} clientId
         * @memberof abi.Hello
         * @instance
         */
        Hello.prototype.clientId = "";

        /**
         * Encodes the specified Hello message. Does not implicitly {@link abi.Hello.verify|verify} messages.
         * @function encode
         * @memberof abi.Hello
         * @static
         * @param {abi.Hello.$Properties} message Hello message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hello.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
            if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.token);
            if (message.client != null && $Object.hasOwnProperty.call(message, "client") && message.client !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.client);
            if (message.clientId != null && $Object.hasOwnProperty.call(message, "clientId") && message.clientId !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.clientId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hello message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Hello
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Hello & abi.Hello.$Shape} Hello
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hello.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Hello();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.token = value;
                        else
                            delete message.token;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.client = value;
                        else
                            delete message.client;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.clientId = value;
                        else
                            delete message.clientId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hello;
    })();

    abi.Welcome = (function() {

        /**
         * Properties of a Welcome.
         * @typedef {Object} abi.Welcome.$Properties
         * @property {number|null} [version] Welcome version
         * @property {string|null} [server] Welcome server
         * @property {string|null} [session] Welcome session
         * @property {string|null} [epoch] Welcome epoch
         * @property {abi.Durability|null} [durability] Welcome durability
         * @property {abi.Limits.$Properties|null} [limits] Welcome limits
         * @property {number|null} [leaseGraceMs] Welcome leaseGraceMs
         * @property {number|null} [mutationWindowMs] Welcome mutationWindowMs
         * @property {number|null} [mutationWindow] Welcome mutationWindow
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Welcome.
         * @memberof abi
         * @interface IWelcome
         * @augments abi.Welcome.$Properties
         * @deprecated Use abi.Welcome.$Properties instead.
         */

        /**
         * Shape of a Welcome.
         * @typedef {abi.Welcome.$Properties} abi.Welcome.$Shape
         */

        /**
         * Constructs a new Welcome.
         * @memberof abi
         * @classdesc Represents a Welcome.
         * @constructor
         * @param {abi.Welcome.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Welcome = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Welcome version.
         * @member {number} version
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.version = 0;

        /**
         * Welcome server.
         * @member {string} server
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.server = "";

        /**
         * Welcome session.
         * @member {string} session
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.session = "";

        /**
         * Welcome epoch.
         * @member {string} epoch
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.epoch = "";

        /**
         * Welcome durability.
         * @member {abi.Durability} durability
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.durability = 0;

        /**
         * Welcome limits.
         * @member {abi.Limits.$Properties|null|undefined} limits
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.limits = null;

        /**
         * Welcome leaseGraceMs.
         * @member {number} leaseGraceMs
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.leaseGraceMs = 0;

        /**
         * Welcome mutationWindowMs.
         * @member {number} mutationWindowMs
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.mutationWindowMs = 0;

        /**
         * Welcome mutationWindow.
         * @member {number} mutationWindow
         * @memberof abi.Welcome
         * @instance
         */
        Welcome.prototype.mutationWindow = 0;

        /**
         * Encodes the specified Welcome message. Does not implicitly {@link abi.Welcome.verify|verify} messages.
         * @function encode
         * @memberof abi.Welcome
         * @static
         * @param {abi.Welcome.$Properties} message Welcome message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Welcome.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
            if (message.server != null && $Object.hasOwnProperty.call(message, "server") && message.server !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.server);
            if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.session);
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.epoch);
            if (message.durability != null && $Object.hasOwnProperty.call(message, "durability") && message.durability !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).int32(message.durability);
            if (message.limits != null && $Object.hasOwnProperty.call(message, "limits"))
                $root.abi.Limits.encode(message.limits, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.leaseGraceMs != null && $Object.hasOwnProperty.call(message, "leaseGraceMs") && message.leaseGraceMs !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.leaseGraceMs);
            if (message.mutationWindowMs != null && $Object.hasOwnProperty.call(message, "mutationWindowMs") && message.mutationWindowMs !== 0)
                writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.mutationWindowMs);
            if (message.mutationWindow != null && $Object.hasOwnProperty.call(message, "mutationWindow") && message.mutationWindow !== 0)
                writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.mutationWindow);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Welcome message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Welcome
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Welcome & abi.Welcome.$Shape} Welcome
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Welcome.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Welcome();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.server = value;
                        else
                            delete message.server;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.session = value;
                        else
                            delete message.session;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.durability = value;
                        else
                            delete message.durability;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.limits = $root.abi.Limits.decode(reader, reader.size(), $undefined, _depth + 1, message.limits);
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leaseGraceMs = value;
                        else
                            delete message.leaseGraceMs;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mutationWindowMs = value;
                        else
                            delete message.mutationWindowMs;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mutationWindow = value;
                        else
                            delete message.mutationWindow;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Welcome;
    })();

    abi.Limits = (function() {

        /**
         * Properties of a Limits.
         * @typedef {Object} abi.Limits.$Properties
         * @property {number|null} [maxFrameBytes] Limits maxFrameBytes
         * @property {number|null} [maxKeyBytes] Limits maxKeyBytes
         * @property {number|null} [maxValueBytes] Limits maxValueBytes
         * @property {number|null} [maxElements] Limits maxElements
         * @property {number|null} [maxRequests] Limits maxRequests
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Limits.
         * @memberof abi
         * @interface ILimits
         * @augments abi.Limits.$Properties
         * @deprecated Use abi.Limits.$Properties instead.
         */

        /**
         * Shape of a Limits.
         * @typedef {abi.Limits.$Properties} abi.Limits.$Shape
         */

        /**
         * Constructs a new Limits.
         * @memberof abi
         * @classdesc Represents a Limits.
         * @constructor
         * @param {abi.Limits.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Limits = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Limits maxFrameBytes.
         * @member {number} maxFrameBytes
         * @memberof abi.Limits
         * @instance
         */
        Limits.prototype.maxFrameBytes = 0;

        /**
         * Limits maxKeyBytes.
         * @member {number} maxKeyBytes
         * @memberof abi.Limits
         * @instance
         */
        Limits.prototype.maxKeyBytes = 0;

        /**
         * Limits maxValueBytes.
         * @member {number} maxValueBytes
         * @memberof abi.Limits
         * @instance
         */
        Limits.prototype.maxValueBytes = 0;

        /**
         * Limits maxElements.
         * @member {number} maxElements
         * @memberof abi.Limits
         * @instance
         */
        Limits.prototype.maxElements = 0;

        /**
         * Limits maxRequests.
         * @member {number} maxRequests
         * @memberof abi.Limits
         * @instance
         */
        Limits.prototype.maxRequests = 0;

        /**
         * Encodes the specified Limits message. Does not implicitly {@link abi.Limits.verify|verify} messages.
         * @function encode
         * @memberof abi.Limits
         * @static
         * @param {abi.Limits.$Properties} message Limits message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Limits.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.maxFrameBytes != null && $Object.hasOwnProperty.call(message, "maxFrameBytes") && message.maxFrameBytes !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.maxFrameBytes);
            if (message.maxKeyBytes != null && $Object.hasOwnProperty.call(message, "maxKeyBytes") && message.maxKeyBytes !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.maxKeyBytes);
            if (message.maxValueBytes != null && $Object.hasOwnProperty.call(message, "maxValueBytes") && message.maxValueBytes !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.maxValueBytes);
            if (message.maxElements != null && $Object.hasOwnProperty.call(message, "maxElements") && message.maxElements !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.maxElements);
            if (message.maxRequests != null && $Object.hasOwnProperty.call(message, "maxRequests") && message.maxRequests !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.maxRequests);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Limits message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Limits
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Limits & abi.Limits.$Shape} Limits
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Limits.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Limits();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxFrameBytes = value;
                        else
                            delete message.maxFrameBytes;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxKeyBytes = value;
                        else
                            delete message.maxKeyBytes;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxValueBytes = value;
                        else
                            delete message.maxValueBytes;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxElements = value;
                        else
                            delete message.maxElements;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxRequests = value;
                        else
                            delete message.maxRequests;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Limits;
    })();

    abi.Ping = (function() {

        /**
         * Properties of a Ping.
         * @typedef {Object} abi.Ping.$Properties
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Ping.
         * @memberof abi
         * @interface IPing
         * @augments abi.Ping.$Properties
         * @deprecated Use abi.Ping.$Properties instead.
         */

        /**
         * Shape of a Ping.
         * @typedef {abi.Ping.$Properties} abi.Ping.$Shape
         */

        /**
         * Constructs a new Ping.
         * @memberof abi
         * @classdesc Represents a Ping.
         * @constructor
         * @param {abi.Ping.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Ping = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Encodes the specified Ping message. Does not implicitly {@link abi.Ping.verify|verify} messages.
         * @function encode
         * @memberof abi.Ping
         * @static
         * @param {abi.Ping.$Properties} message Ping message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Ping.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Ping message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Ping
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Ping & abi.Ping.$Shape} Ping
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Ping.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Ping();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Ping;
    })();

    abi.Range = (function() {

        /**
         * Properties of a Range.
         * @typedef {Object} abi.Range.$Properties
         * @property {Uint8Array|null} [table] Range table
         * @property {Uint8Array|null} [prefix] Range prefix
         * @property {Uint8Array|null} [start] Range start
         * @property {Uint8Array|null} [end] Range end
         * @property {number|null} [limit] Range limit
         * @property {boolean|null} [reverse] Range reverse
         * @property {Uint8Array|null} [cursor] Range cursor
         * @property {boolean|null} [keysOnly] Range keysOnly
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Range.
         * @memberof abi
         * @interface IRange
         * @augments abi.Range.$Properties
         * @deprecated Use abi.Range.$Properties instead.
         */

        /**
         * Shape of a Range.
         * @typedef {abi.Range.$Properties} abi.Range.$Shape
         */

        /**
         * Constructs a new Range.
         * @memberof abi
         * @classdesc Represents a Range.
         * @constructor
         * @param {abi.Range.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Range = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Range table.
         * @member {Uint8Array} table
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.table = $util.newBuffer([]);

        /**
         * Range prefix.
         * @member {Uint8Array} prefix
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.prefix = $util.newBuffer([]);

        /**
         * Range start.
         * @member {Uint8Array} start
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.start = $util.newBuffer([]);

        /**
         * Range end.
         * @member {Uint8Array} end
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.end = $util.newBuffer([]);

        /**
         * Range limit.
         * @member {number} limit
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.limit = 0;

        /**
         * Range reverse.
         * @member {boolean} reverse
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.reverse = false;

        /**
         * Range cursor.
         * @member {Uint8Array} cursor
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.cursor = $util.newBuffer([]);

        /**
         * Range keysOnly.
         * @member {boolean} keysOnly
         * @memberof abi.Range
         * @instance
         */
        Range.prototype.keysOnly = false;

        /**
         * Encodes the specified Range message. Does not implicitly {@link abi.Range.verify|verify} messages.
         * @function encode
         * @memberof abi.Range
         * @static
         * @param {abi.Range.$Properties} message Range message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Range.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.prefix != null && $Object.hasOwnProperty.call(message, "prefix") && message.prefix.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.prefix);
            if (message.start != null && $Object.hasOwnProperty.call(message, "start") && message.start.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.start);
            if (message.end != null && $Object.hasOwnProperty.call(message, "end") && message.end.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.end);
            if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && message.limit !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.limit);
            if (message.reverse != null && $Object.hasOwnProperty.call(message, "reverse") && message.reverse !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.reverse);
            if (message.cursor != null && $Object.hasOwnProperty.call(message, "cursor") && message.cursor.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.cursor);
            if (message.keysOnly != null && $Object.hasOwnProperty.call(message, "keysOnly") && message.keysOnly !== false)
                writer.uint32(/* id 8, wireType 0 =*/64).bool(message.keysOnly);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Range message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Range
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Range & abi.Range.$Shape} Range
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Range.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Range();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.prefix = value;
                        else
                            delete message.prefix;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start = value;
                        else
                            delete message.start;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end = value;
                        else
                            delete message.end;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.limit = value;
                        else
                            delete message.limit;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.reverse = value;
                        else
                            delete message.reverse;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.cursor = value;
                        else
                            delete message.cursor;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.keysOnly = value;
                        else
                            delete message.keysOnly;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Range;
    })();

    abi.Count = (function() {

        /**
         * Properties of a Count.
         * @typedef {Object} abi.Count.$Properties
         * @property {Uint8Array|null} [table] Count table
         * @property {Uint8Array|null} [prefix] Count prefix
         * @property {Uint8Array|null} [start] Count start
         * @property {Uint8Array|null} [end] Count end
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Count.
         * @memberof abi
         * @interface ICount
         * @augments abi.Count.$Properties
         * @deprecated Use abi.Count.$Properties instead.
         */

        /**
         * Shape of a Count.
         * @typedef {abi.Count.$Properties} abi.Count.$Shape
         */

        /**
         * Constructs a new Count.
         * @memberof abi
         * @classdesc Represents a Count.
         * @constructor
         * @param {abi.Count.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Count = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Count table.
         * @member {Uint8Array} table
         * @memberof abi.Count
         * @instance
         */
        Count.prototype.table = $util.newBuffer([]);

        /**
         * Count prefix.
         * @member {Uint8Array} prefix
         * @memberof abi.Count
         * @instance
         */
        Count.prototype.prefix = $util.newBuffer([]);

        /**
         * Count start.
         * @member {Uint8Array} start
         * @memberof abi.Count
         * @instance
         */
        Count.prototype.start = $util.newBuffer([]);

        /**
         * Count end.
         * @member {Uint8Array} end
         * @memberof abi.Count
         * @instance
         */
        Count.prototype.end = $util.newBuffer([]);

        /**
         * Encodes the specified Count message. Does not implicitly {@link abi.Count.verify|verify} messages.
         * @function encode
         * @memberof abi.Count
         * @static
         * @param {abi.Count.$Properties} message Count message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Count.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.prefix != null && $Object.hasOwnProperty.call(message, "prefix") && message.prefix.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.prefix);
            if (message.start != null && $Object.hasOwnProperty.call(message, "start") && message.start.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.start);
            if (message.end != null && $Object.hasOwnProperty.call(message, "end") && message.end.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.end);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Count message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Count
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Count & abi.Count.$Shape} Count
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Count.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Count();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.prefix = value;
                        else
                            delete message.prefix;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.start = value;
                        else
                            delete message.start;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.end = value;
                        else
                            delete message.end;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Count;
    })();

    abi.Tables = (function() {

        /**
         * Properties of a Tables.
         * @typedef {Object} abi.Tables.$Properties
         * @property {Uint8Array|null} [prefix] Tables prefix
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Tables.
         * @memberof abi
         * @interface ITables
         * @augments abi.Tables.$Properties
         * @deprecated Use abi.Tables.$Properties instead.
         */

        /**
         * Shape of a Tables.
         * @typedef {abi.Tables.$Properties} abi.Tables.$Shape
         */

        /**
         * Constructs a new Tables.
         * @memberof abi
         * @classdesc Represents a Tables.
         * @constructor
         * @param {abi.Tables.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Tables = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Tables prefix.
         * @member {Uint8Array} prefix
         * @memberof abi.Tables
         * @instance
         */
        Tables.prototype.prefix = $util.newBuffer([]);

        /**
         * Encodes the specified Tables message. Does not implicitly {@link abi.Tables.verify|verify} messages.
         * @function encode
         * @memberof abi.Tables
         * @static
         * @param {abi.Tables.$Properties} message Tables message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Tables.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.prefix != null && $Object.hasOwnProperty.call(message, "prefix") && message.prefix.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.prefix);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Tables message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Tables
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Tables & abi.Tables.$Shape} Tables
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Tables.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Tables();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.prefix = value;
                        else
                            delete message.prefix;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Tables;
    })();

    abi.TableInfo = (function() {

        /**
         * Properties of a TableInfo.
         * @typedef {Object} abi.TableInfo.$Properties
         * @property {Uint8Array|null} [name] TableInfo name
         * @property {number|Long|null} [count] TableInfo count
         * @property {number|Long|null} [revision] TableInfo revision
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a TableInfo.
         * @memberof abi
         * @interface ITableInfo
         * @augments abi.TableInfo.$Properties
         * @deprecated Use abi.TableInfo.$Properties instead.
         */

        /**
         * Shape of a TableInfo.
         * @typedef {abi.TableInfo.$Properties} abi.TableInfo.$Shape
         */

        /**
         * Constructs a new TableInfo.
         * @memberof abi
         * @classdesc Represents a TableInfo.
         * @constructor
         * @param {abi.TableInfo.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const TableInfo = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * TableInfo name.
         * @member {Uint8Array} name
         * @memberof abi.TableInfo
         * @instance
         */
        TableInfo.prototype.name = $util.newBuffer([]);

        /**
         * TableInfo count.
         * @member {number|Long} count
         * @memberof abi.TableInfo
         * @instance
         */
        TableInfo.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * TableInfo revision.
         * @member {number|Long} revision
         * @memberof abi.TableInfo
         * @instance
         */
        TableInfo.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Encodes the specified TableInfo message. Does not implicitly {@link abi.TableInfo.verify|verify} messages.
         * @function encode
         * @memberof abi.TableInfo
         * @static
         * @param {abi.TableInfo.$Properties} message TableInfo message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        TableInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.name);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.count);
            if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.revision);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a TableInfo message from the specified reader or buffer.
         * @function decode
         * @memberof abi.TableInfo
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.TableInfo & abi.TableInfo.$Shape} TableInfo
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        TableInfo.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.TableInfo();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.revision = value;
                        else
                            delete message.revision;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return TableInfo;
    })();

    abi.Drop = (function() {

        /**
         * Properties of a Drop.
         * @typedef {Object} abi.Drop.$Properties
         * @property {Uint8Array|null} [table] Drop table
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Drop.
         * @memberof abi
         * @interface IDrop
         * @augments abi.Drop.$Properties
         * @deprecated Use abi.Drop.$Properties instead.
         */

        /**
         * Shape of a Drop.
         * @typedef {abi.Drop.$Properties} abi.Drop.$Shape
         */

        /**
         * Constructs a new Drop.
         * @memberof abi
         * @classdesc Represents a Drop.
         * @constructor
         * @param {abi.Drop.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Drop = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Drop table.
         * @member {Uint8Array} table
         * @memberof abi.Drop
         * @instance
         */
        Drop.prototype.table = $util.newBuffer([]);

        /**
         * Encodes the specified Drop message. Does not implicitly {@link abi.Drop.verify|verify} messages.
         * @function encode
         * @memberof abi.Drop
         * @static
         * @param {abi.Drop.$Properties} message Drop message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Drop.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Drop message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Drop
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Drop & abi.Drop.$Shape} Drop
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Drop.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Drop();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Drop;
    })();

    abi.Flush = (function() {

        /**
         * Properties of a Flush.
         * @typedef {Object} abi.Flush.$Properties
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Flush.
         * @memberof abi
         * @interface IFlush
         * @augments abi.Flush.$Properties
         * @deprecated Use abi.Flush.$Properties instead.
         */

        /**
         * Shape of a Flush.
         * @typedef {abi.Flush.$Properties} abi.Flush.$Shape
         */

        /**
         * Constructs a new Flush.
         * @memberof abi
         * @classdesc Represents a Flush.
         * @constructor
         * @param {abi.Flush.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Flush = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Encodes the specified Flush message. Does not implicitly {@link abi.Flush.verify|verify} messages.
         * @function encode
         * @memberof abi.Flush
         * @static
         * @param {abi.Flush.$Properties} message Flush message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Flush.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Flush message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Flush
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Flush & abi.Flush.$Shape} Flush
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Flush.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Flush();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Flush;
    })();

    abi.Cancel = (function() {

        /**
         * Properties of a Cancel.
         * @typedef {Object} abi.Cancel.$Properties
         * @property {number|null} [request] Cancel request
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Cancel.
         * @memberof abi
         * @interface ICancel
         * @augments abi.Cancel.$Properties
         * @deprecated Use abi.Cancel.$Properties instead.
         */

        /**
         * Shape of a Cancel.
         * @typedef {abi.Cancel.$Properties} abi.Cancel.$Shape
         */

        /**
         * Constructs a new Cancel.
         * @memberof abi
         * @classdesc Represents a Cancel.
         * @constructor
         * @param {abi.Cancel.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Cancel = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Cancel request.
         * @member {number} request
         * @memberof abi.Cancel
         * @instance
         */
        Cancel.prototype.request = 0;

        /**
         * Encodes the specified Cancel message. Does not implicitly {@link abi.Cancel.verify|verify} messages.
         * @function encode
         * @memberof abi.Cancel
         * @static
         * @param {abi.Cancel.$Properties} message Cancel message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Cancel.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.request);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Cancel message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Cancel
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Cancel & abi.Cancel.$Shape} Cancel
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Cancel.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Cancel();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.request = value;
                        else
                            delete message.request;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Cancel;
    })();

    abi.Watch = (function() {

        /**
         * Properties of a Watch.
         * @typedef {Object} abi.Watch.$Properties
         * @property {Uint8Array|null} [table] Watch table
         * @property {Uint8Array|null} [key] Watch key
         * @property {Uint8Array|null} [prefix] Watch prefix
         * @property {number|Long|null} [since] Watch since
         * @property {Uint8Array|null} [epoch] Watch epoch
         * @property {boolean|null} [keysOnly] Watch keysOnly
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Watch.
         * @memberof abi
         * @interface IWatch
         * @augments abi.Watch.$Properties
         * @deprecated Use abi.Watch.$Properties instead.
         */

        /**
         * Shape of a Watch.
         * @typedef {abi.Watch.$Properties} abi.Watch.$Shape
         */

        /**
         * Constructs a new Watch.
         * @memberof abi
         * @classdesc Represents a Watch.
         * @constructor
         * @param {abi.Watch.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Watch = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Watch table.
         * @member {Uint8Array} table
         * @memberof abi.Watch
         * @instance
         */
        Watch.prototype.table = $util.newBuffer([]);

        /**
         * Watch key.
         * @member {Uint8Array} key
         * @memberof abi.Watch
         * @instance
         */
        Watch.prototype.key = $util.newBuffer([]);

        /**
         * Watch prefix.
         * @member {Uint8Array} prefix
         * @memberof abi.Watch
         * @instance
         */
        Watch.prototype.prefix = $util.newBuffer([]);

        /**
         * Watch since.
         * @member {number|Long} since
         * @memberof abi.Watch
         * @instance
         */
        Watch.prototype.since = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Watch epoch.
         * @member {Uint8Array} epoch
         * @memberof abi.Watch
         * @instance
         */
        Watch.prototype.epoch = $util.newBuffer([]);

        /**
         * Watch keysOnly.
         * @member {boolean} keysOnly
         * @memberof abi.Watch
         * @instance
         */
        Watch.prototype.keysOnly = false;

        /**
         * Encodes the specified Watch message. Does not implicitly {@link abi.Watch.verify|verify} messages.
         * @function encode
         * @memberof abi.Watch
         * @static
         * @param {abi.Watch.$Properties} message Watch message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Watch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.prefix != null && $Object.hasOwnProperty.call(message, "prefix") && message.prefix.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.prefix);
            if (message.since != null && $Object.hasOwnProperty.call(message, "since") && (typeof message.since === "object" ? message.since.low || message.since.high : message.since !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.since);
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.epoch);
            if (message.keysOnly != null && $Object.hasOwnProperty.call(message, "keysOnly") && message.keysOnly !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.keysOnly);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Watch message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Watch
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Watch & abi.Watch.$Shape} Watch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Watch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Watch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.prefix = value;
                        else
                            delete message.prefix;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.since = value;
                        else
                            delete message.since;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.keysOnly = value;
                        else
                            delete message.keysOnly;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Watch;
    })();

    abi.Increment = (function() {

        /**
         * Properties of an Increment.
         * @typedef {Object} abi.Increment.$Properties
         * @property {Uint8Array|null} [table] Increment table
         * @property {Uint8Array|null} [key] Increment key
         * @property {Uint8Array|null} [by] Increment by
         * @property {number|Long|null} [ttlMs] Increment ttlMs
         * @property {boolean|null} [keepType] Increment keepType
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Increment.
         * @memberof abi
         * @interface IIncrement
         * @augments abi.Increment.$Properties
         * @deprecated Use abi.Increment.$Properties instead.
         */

        /**
         * Shape of an Increment.
         * @typedef {abi.Increment.$Properties} abi.Increment.$Shape
         */

        /**
         * Constructs a new Increment.
         * @memberof abi
         * @classdesc Represents an Increment.
         * @constructor
         * @param {abi.Increment.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Increment = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Increment table.
         * @member {Uint8Array} table
         * @memberof abi.Increment
         * @instance
         */
        Increment.prototype.table = $util.newBuffer([]);

        /**
         * Increment key.
         * @member {Uint8Array} key
         * @memberof abi.Increment
         * @instance
         */
        Increment.prototype.key = $util.newBuffer([]);

        /**
         * Increment by.
         * @member {Uint8Array} by
         * @memberof abi.Increment
         * @instance
         */
        Increment.prototype.by = $util.newBuffer([]);

        /**
         * Increment ttlMs.
         * @member {number|Long} ttlMs
         * @memberof abi.Increment
         * @instance
         */
        Increment.prototype.ttlMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Increment keepType.
         * @member {boolean} keepType
         * @memberof abi.Increment
         * @instance
         */
        Increment.prototype.keepType = false;

        /**
         * Encodes the specified Increment message. Does not implicitly {@link abi.Increment.verify|verify} messages.
         * @function encode
         * @memberof abi.Increment
         * @static
         * @param {abi.Increment.$Properties} message Increment message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Increment.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.by != null && $Object.hasOwnProperty.call(message, "by") && message.by.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.by);
            if (message.ttlMs != null && $Object.hasOwnProperty.call(message, "ttlMs") && (typeof message.ttlMs === "object" ? message.ttlMs.low || message.ttlMs.high : message.ttlMs !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.ttlMs);
            if (message.keepType != null && $Object.hasOwnProperty.call(message, "keepType") && message.keepType !== false)
                writer.uint32(/* id 5, wireType 0 =*/40).bool(message.keepType);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Increment message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Increment
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Increment & abi.Increment.$Shape} Increment
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Increment.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Increment();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.by = value;
                        else
                            delete message.by;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ttlMs = value;
                        else
                            delete message.ttlMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.keepType = value;
                        else
                            delete message.keepType;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Increment;
    })();

    abi.Transaction = (function() {

        /**
         * Properties of a Transaction.
         * @typedef {Object} abi.Transaction.$Properties
         * @property {Array.<abi.Check.$Properties>|null} [checks] Transaction checks
         * @property {Array.<abi.TransactionWrite.$Properties>|null} [writes] Transaction writes
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Transaction.
         * @memberof abi
         * @interface ITransaction
         * @augments abi.Transaction.$Properties
         * @deprecated Use abi.Transaction.$Properties instead.
         */

        /**
         * Shape of a Transaction.
         * @typedef {abi.Transaction.$Properties} abi.Transaction.$Shape
         */

        /**
         * Constructs a new Transaction.
         * @memberof abi
         * @classdesc Represents a Transaction.
         * @constructor
         * @param {abi.Transaction.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Transaction = function (properties) {
            this.checks = [];
            this.writes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Transaction checks.
         * @member {Array.<abi.Check.$Properties>} checks
         * @memberof abi.Transaction
         * @instance
         */
        Transaction.prototype.checks = $util.emptyArray;

        /**
         * Transaction writes.
         * @member {Array.<abi.TransactionWrite.$Properties>} writes
         * @memberof abi.Transaction
         * @instance
         */
        Transaction.prototype.writes = $util.emptyArray;

        /**
         * Encodes the specified Transaction message. Does not implicitly {@link abi.Transaction.verify|verify} messages.
         * @function encode
         * @memberof abi.Transaction
         * @static
         * @param {abi.Transaction.$Properties} message Transaction message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Transaction.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.checks != null && message.checks.length)
                for (let i = 0; i < message.checks.length; ++i)
                    $root.abi.Check.encode(message.checks[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.writes != null && message.writes.length)
                for (let i = 0; i < message.writes.length; ++i)
                    $root.abi.TransactionWrite.encode(message.writes[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Transaction message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Transaction
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Transaction & abi.Transaction.$Shape} Transaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Transaction.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Transaction();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.checks && message.checks.length))
                            message.checks = [];
                        message.checks.push($root.abi.Check.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.writes && message.writes.length))
                            message.writes = [];
                        message.writes.push($root.abi.TransactionWrite.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Transaction;
    })();

    abi.Check = (function() {

        /**
         * Properties of a Check.
         * @typedef {Object} abi.Check.$Properties
         * @property {Uint8Array|null} [table] Check table
         * @property {Uint8Array|null} [key] Check key
         * @property {number|Long|null} [revision] Check revision
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Check.
         * @memberof abi
         * @interface ICheck
         * @augments abi.Check.$Properties
         * @deprecated Use abi.Check.$Properties instead.
         */

        /**
         * Shape of a Check.
         * @typedef {abi.Check.$Properties} abi.Check.$Shape
         */

        /**
         * Constructs a new Check.
         * @memberof abi
         * @classdesc Represents a Check.
         * @constructor
         * @param {abi.Check.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Check = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Check table.
         * @member {Uint8Array} table
         * @memberof abi.Check
         * @instance
         */
        Check.prototype.table = $util.newBuffer([]);

        /**
         * Check key.
         * @member {Uint8Array} key
         * @memberof abi.Check
         * @instance
         */
        Check.prototype.key = $util.newBuffer([]);

        /**
         * Check revision.
         * @member {number|Long} revision
         * @memberof abi.Check
         * @instance
         */
        Check.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Encodes the specified Check message. Does not implicitly {@link abi.Check.verify|verify} messages.
         * @function encode
         * @memberof abi.Check
         * @static
         * @param {abi.Check.$Properties} message Check message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Check.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.revision);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Check message from the specified reader or buffer.
         * @function decode
         * @memberof abi.Check
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.Check & abi.Check.$Shape} Check
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Check.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.Check();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.revision = value;
                        else
                            delete message.revision;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Check;
    })();

    abi.TransactionWrite = (function() {

        /**
         * Properties of a TransactionWrite.
         * @typedef {Object} abi.TransactionWrite.$Properties
         * @property {Uint8Array|null} [table] TransactionWrite table
         * @property {Uint8Array|null} [key] TransactionWrite key
         * @property {Uint8Array|null} [value] TransactionWrite value
         * @property {boolean|null} ["delete"] TransactionWrite delete
         * @property {Uint8Array|null} [increment] TransactionWrite increment
         * @property {number|Long|null} [ttlMs] TransactionWrite ttlMs
         * @property {boolean|null} [lease] TransactionWrite lease
         * @property {boolean|null} [keepType] TransactionWrite keepType
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a TransactionWrite.
         * @memberof abi
         * @interface ITransactionWrite
         * @augments abi.TransactionWrite.$Properties
         * @deprecated Use abi.TransactionWrite.$Properties instead.
         */

        /**
         * Shape of a TransactionWrite.
         * @typedef {abi.TransactionWrite.$Properties} abi.TransactionWrite.$Shape
         */

        /**
         * Constructs a new TransactionWrite.
         * @memberof abi
         * @classdesc Represents a TransactionWrite.
         * @constructor
         * @param {abi.TransactionWrite.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const TransactionWrite = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * TransactionWrite table.
         * @member {Uint8Array} table
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.table = $util.newBuffer([]);

        /**
         * TransactionWrite key.
         * @member {Uint8Array} key
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.key = $util.newBuffer([]);

        /**
         * TransactionWrite value.
         * @member {Uint8Array} value
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.value = $util.newBuffer([]);

        /**
         * TransactionWrite delete.
         * @member {boolean} delete
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype["delete"] = false;

        /**
         * TransactionWrite increment.
         * @member {Uint8Array} increment
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.increment = $util.newBuffer([]);

        /**
         * TransactionWrite ttlMs.
         * @member {number|Long} ttlMs
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.ttlMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * TransactionWrite lease.
         * @member {boolean} lease
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.lease = false;

        /**
         * TransactionWrite keepType.
         * @member {boolean} keepType
         * @memberof abi.TransactionWrite
         * @instance
         */
        TransactionWrite.prototype.keepType = false;

        /**
         * Encodes the specified TransactionWrite message. Does not implicitly {@link abi.TransactionWrite.verify|verify} messages.
         * @function encode
         * @memberof abi.TransactionWrite
         * @static
         * @param {abi.TransactionWrite.$Properties} message TransactionWrite message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        TransactionWrite.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.table);
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.value);
            if (message["delete"] != null && $Object.hasOwnProperty.call(message, "delete") && message["delete"] !== false)
                writer.uint32(/* id 4, wireType 0 =*/32).bool(message["delete"]);
            if (message.increment != null && $Object.hasOwnProperty.call(message, "increment") && message.increment.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.increment);
            if (message.ttlMs != null && $Object.hasOwnProperty.call(message, "ttlMs") && (typeof message.ttlMs === "object" ? message.ttlMs.low || message.ttlMs.high : message.ttlMs !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.ttlMs);
            if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && message.lease !== false)
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.lease);
            if (message.keepType != null && $Object.hasOwnProperty.call(message, "keepType") && message.keepType !== false)
                writer.uint32(/* id 8, wireType 0 =*/64).bool(message.keepType);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a TransactionWrite message from the specified reader or buffer.
         * @function decode
         * @memberof abi.TransactionWrite
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {abi.TransactionWrite & abi.TransactionWrite.$Shape} TransactionWrite
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        TransactionWrite.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.abi.TransactionWrite();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.table = value;
                        else
                            delete message.table;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message["delete"] = value;
                        else
                            delete message["delete"];
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.increment = value;
                        else
                            delete message.increment;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ttlMs = value;
                        else
                            delete message.ttlMs;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.lease = value;
                        else
                            delete message.lease;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.keepType = value;
                        else
                            delete message.keepType;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return TransactionWrite;
    })();

    return abi;
})();

export {
  $root as default
};
