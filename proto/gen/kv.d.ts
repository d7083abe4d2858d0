import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace abi. */
export namespace abi {

    /**
     * Properties of a CommandRequest.
     * @deprecated Use abi.CommandRequest.$Properties instead.
     */
    interface ICommandRequest extends abi.CommandRequest.$Properties {
    }

    /** Represents a CommandRequest. */
    class CommandRequest {

        /**
         * Constructs a new CommandRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.CommandRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CommandRequest hget. */
        hget?: (abi.Hget.$Properties|null);

        /** CommandRequest hgetall. */
        hgetall?: (abi.Hgetall.$Properties|null);

        /** CommandRequest hmget. */
        hmget?: (abi.Hmget.$Properties|null);

        /** CommandRequest hset. */
        hset?: (abi.Hset.$Properties|null);

        /** CommandRequest hmset. */
        hmset?: (abi.Hmset.$Properties|null);

        /** CommandRequest hdel. */
        hdel?: (abi.Hdel.$Properties|null);

        /** CommandRequest hmdel. */
        hmdel?: (abi.Hmdel.$Properties|null);

        /** CommandRequest hexist. */
        hexist?: (abi.Hexist.$Properties|null);

        /** CommandRequest hmexist. */
        hmexist?: (abi.Hmexist.$Properties|null);

        /** CommandRequest subscribe. */
        subscribe?: (abi.Subscribe.$Properties|null);

        /** CommandRequest unsubscribe. */
        unsubscribe?: (abi.Unsubscribe.$Properties|null);

        /** CommandRequest publish. */
        publish?: (abi.Publish.$Properties|null);

        /** CommandRequest hello. */
        hello?: (abi.Hello.$Properties|null);

        /** CommandRequest ping. */
        ping?: (abi.Ping.$Properties|null);

        /** CommandRequest range. */
        range?: (abi.Range.$Properties|null);

        /** CommandRequest count. */
        count?: (abi.Count.$Properties|null);

        /** CommandRequest tables. */
        tables?: (abi.Tables.$Properties|null);

        /** CommandRequest drop. */
        drop?: (abi.Drop.$Properties|null);

        /** CommandRequest flush. */
        flush?: (abi.Flush.$Properties|null);

        /** CommandRequest cancel. */
        cancel?: (abi.Cancel.$Properties|null);

        /** CommandRequest watch. */
        watch?: (abi.Watch.$Properties|null);

        /** CommandRequest increment. */
        increment?: (abi.Increment.$Properties|null);

        /** CommandRequest transaction. */
        transaction?: (abi.Transaction.$Properties|null);

        /** CommandRequest mutation. */
        mutation: (number|Long);

        /** CommandRequest ageMs. */
        ageMs: number;

        /** CommandRequest id. */
        id: number;

        /** CommandRequest requestData. */
        requestData?: ("hget"|"hgetall"|"hmget"|"hset"|"hmset"|"hdel"|"hmdel"|"hexist"|"hmexist"|"subscribe"|"unsubscribe"|"publish"|"hello"|"ping"|"range"|"count"|"tables"|"drop"|"flush"|"cancel"|"watch"|"increment"|"transaction");

        /**
         * Encodes the specified CommandRequest message. Does not implicitly {@link abi.CommandRequest.verify|verify} messages.
         * @param message CommandRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.CommandRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CommandRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.CommandRequest & abi.CommandRequest.$Shape} CommandRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.CommandRequest & abi.CommandRequest.$Shape;
    }

    namespace CommandRequest {

        /** Properties of a CommandRequest. */
        interface $Properties {

            /** CommandRequest hget */
            hget?: (abi.Hget.$Properties|null);

            /** CommandRequest hgetall */
            hgetall?: (abi.Hgetall.$Properties|null);

            /** CommandRequest hmget */
            hmget?: (abi.Hmget.$Properties|null);

            /** CommandRequest hset */
            hset?: (abi.Hset.$Properties|null);

            /** CommandRequest hmset */
            hmset?: (abi.Hmset.$Properties|null);

            /** CommandRequest hdel */
            hdel?: (abi.Hdel.$Properties|null);

            /** CommandRequest hmdel */
            hmdel?: (abi.Hmdel.$Properties|null);

            /** CommandRequest hexist */
            hexist?: (abi.Hexist.$Properties|null);

            /** CommandRequest hmexist */
            hmexist?: (abi.Hmexist.$Properties|null);

            /** CommandRequest subscribe */
            subscribe?: (abi.Subscribe.$Properties|null);

            /** CommandRequest unsubscribe */
            unsubscribe?: (abi.Unsubscribe.$Properties|null);

            /** CommandRequest publish */
            publish?: (abi.Publish.$Properties|null);

            /** CommandRequest hello */
            hello?: (abi.Hello.$Properties|null);

            /** CommandRequest ping */
            ping?: (abi.Ping.$Properties|null);

            /** CommandRequest range */
            range?: (abi.Range.$Properties|null);

            /** CommandRequest count */
            count?: (abi.Count.$Properties|null);

            /** CommandRequest tables */
            tables?: (abi.Tables.$Properties|null);

            /** CommandRequest drop */
            drop?: (abi.Drop.$Properties|null);

            /** CommandRequest flush */
            flush?: (abi.Flush.$Properties|null);

            /** CommandRequest cancel */
            cancel?: (abi.Cancel.$Properties|null);

            /** CommandRequest watch */
            watch?: (abi.Watch.$Properties|null);

            /** CommandRequest increment */
            increment?: (abi.Increment.$Properties|null);

            /** CommandRequest transaction */
            transaction?: (abi.Transaction.$Properties|null);

            /** CommandRequest mutation */
            mutation?: (number|Long|null);

            /** CommandRequest ageMs */
            ageMs?: (number|null);

            /** CommandRequest id */
            id?: (number|null);

            /** CommandRequest requestData */
            requestData?: ("hget"|"hgetall"|"hmget"|"hset"|"hmset"|"hdel"|"hmdel"|"hexist"|"hmexist"|"subscribe"|"unsubscribe"|"publish"|"hello"|"ping"|"range"|"count"|"tables"|"drop"|"flush"|"cancel"|"watch"|"increment"|"transaction");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a CommandRequest. */
        type $Shape = {
          hget?: abi.Hget.$Shape|null;
          hgetall?: abi.Hgetall.$Shape|null;
          hmget?: abi.Hmget.$Shape|null;
          hset?: abi.Hset.$Shape|null;
          hmset?: abi.Hmset.$Shape|null;
          hdel?: abi.Hdel.$Shape|null;
          hmdel?: abi.Hmdel.$Shape|null;
          hexist?: abi.Hexist.$Shape|null;
          hmexist?: abi.Hmexist.$Shape|null;
          subscribe?: abi.Subscribe.$Shape|null;
          unsubscribe?: abi.Unsubscribe.$Shape|null;
          publish?: abi.Publish.$Shape|null;
          hello?: abi.Hello.$Shape|null;
          ping?: abi.Ping.$Shape|null;
          range?: abi.Range.$Shape|null;
          count?: abi.Count.$Shape|null;
          tables?: abi.Tables.$Shape|null;
          drop?: abi.Drop.$Shape|null;
          flush?: abi.Flush.$Shape|null;
          cancel?: abi.Cancel.$Shape|null;
          watch?: abi.Watch.$Shape|null;
          increment?: abi.Increment.$Shape|null;
          transaction?: abi.Transaction.$Shape|null;
          mutation?: number|Long|null;
          ageMs?: number|null;
          id?: number|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ requestData?: undefined; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hget"; hget: abi.Hget.$Shape; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hgetall"; hget?: null; hgetall: abi.Hgetall.$Shape; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmget"; hget?: null; hgetall?: null; hmget: abi.Hmget.$Shape; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hset"; hget?: null; hgetall?: null; hmget?: null; hset: abi.Hset.$Shape; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmset"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset: abi.Hmset.$Shape; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hdel"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel: abi.Hdel.$Shape; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmdel"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel: abi.Hmdel.$Shape; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hexist"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist: abi.Hexist.$Shape; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hmexist"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist: abi.Hmexist.$Shape; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "subscribe"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe: abi.Subscribe.$Shape; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "unsubscribe"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe: abi.Unsubscribe.$Shape; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "publish"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish: abi.Publish.$Shape; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "hello"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello: abi.Hello.$Shape; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "ping"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping: abi.Ping.$Shape; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "range"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range: abi.Range.$Shape; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "count"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count: abi.Count.$Shape; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "tables"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables: abi.Tables.$Shape; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "drop"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop: abi.Drop.$Shape; flush?: null; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "flush"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush: abi.Flush.$Shape; cancel?: null; watch?: null; increment?: null; transaction?: null }|{ requestData?: "cancel"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel: abi.Cancel.$Shape; watch?: null; increment?: null; transaction?: null }|{ requestData?: "watch"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch: abi.Watch.$Shape; increment?: null; transaction?: null }|{ requestData?: "increment"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment: abi.Increment.$Shape; transaction?: null }|{ requestData?: "transaction"; hget?: null; hgetall?: null; hmget?: null; hset?: null; hmset?: null; hdel?: null; hmdel?: null; hexist?: null; hmexist?: null; subscribe?: null; unsubscribe?: null; publish?: null; hello?: null; ping?: null; range?: null; count?: null; tables?: null; drop?: null; flush?: null; cancel?: null; watch?: null; increment?: null; transaction: abi.Transaction.$Shape })
        );
    }

    /**
     * Properties of a CommandResponse.
     * @deprecated Use abi.CommandResponse.$Properties instead.
     */
    interface ICommandResponse extends abi.CommandResponse.$Properties {
    }

    /** Represents a CommandResponse. */
    class CommandResponse {

        /**
         * Constructs a new CommandResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.CommandResponse.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CommandResponse status. */
        status: number;

        /** CommandResponse message. */
        message: string;

        /** CommandResponse values. */
        values: Uint8Array[];

        /** CommandResponse pairs. */
        pairs: abi.Kvpair.$Properties[];

        /** CommandResponse revisions. */
        revisions: (number|Long)[];

        /** CommandResponse count. */
        count: (number|Long);

        /** CommandResponse more. */
        more: boolean;

        /** CommandResponse cursor. */
        cursor: Uint8Array;

        /** CommandResponse missed. */
        missed: (number|Long);

        /** CommandResponse tables. */
        tables: abi.TableInfo.$Properties[];

        /** CommandResponse welcome. */
        welcome?: (abi.Welcome.$Properties|null);

        /** CommandResponse retryAfterMs. */
        retryAfterMs: number;

        /** CommandResponse durability. */
        durability: abi.Durability;

        /** CommandResponse revision. */
        revision: (number|Long);

        /** CommandResponse id. */
        id: number;

        /** CommandResponse failed. */
        failed: number[];

        /** CommandResponse changes. */
        changes: abi.Change.$Properties[];

        /** CommandResponse phase. */
        phase: abi.WatchPhase;

        /**
         * Encodes the specified CommandResponse message. Does not implicitly {@link abi.CommandResponse.verify|verify} messages.
         * @param message CommandResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.CommandResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CommandResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.CommandResponse & abi.CommandResponse.$Shape} CommandResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.CommandResponse & abi.CommandResponse.$Shape;
    }

    namespace CommandResponse {

        /** Properties of a CommandResponse. */
        interface $Properties {

            /** CommandResponse status */
            status?: (number|null);

            /** CommandResponse message */
            message?: (string|null);

            /** CommandResponse values */
            values?: (Uint8Array[]|null);

            /** CommandResponse pairs */
            pairs?: (abi.Kvpair.$Properties[]|null);

            /** CommandResponse revisions */
            revisions?: ((number|Long)[]|null);

            /** CommandResponse count */
            count?: (number|Long|null);

            /** CommandResponse more */
            more?: (boolean|null);

            /** CommandResponse cursor */
            cursor?: (Uint8Array|null);

            /** CommandResponse missed */
            missed?: (number|Long|null);

            /** CommandResponse tables */
            tables?: (abi.TableInfo.$Properties[]|null);

            /** CommandResponse welcome */
            welcome?: (abi.Welcome.$Properties|null);

            /** CommandResponse retryAfterMs */
            retryAfterMs?: (number|null);

            /** CommandResponse durability */
            durability?: (abi.Durability|null);

            /** CommandResponse revision */
            revision?: (number|Long|null);

            /** CommandResponse id */
            id?: (number|null);

            /** CommandResponse failed */
            failed?: (number[]|null);

            /** CommandResponse changes */
            changes?: (abi.Change.$Properties[]|null);

            /** CommandResponse phase */
            phase?: (abi.WatchPhase|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a CommandResponse. */
        type $Shape = abi.CommandResponse.$Properties;
    }

    /** WatchPhase enum. */
    enum WatchPhase {

        /** CHANGES value */
        CHANGES = 0,

        /** SNAPSHOT value */
        SNAPSHOT = 1,

        /** DIFFERENCE value */
        DIFFERENCE = 2,

        /** SYNCED value */
        SYNCED = 3,

        /** LAGGED value */
        LAGGED = 4,

        /** BOOKMARK value */
        BOOKMARK = 5
    }

    /**
     * Properties of a Change.
     * @deprecated Use abi.Change.$Properties instead.
     */
    interface IChange extends abi.Change.$Properties {
    }

    /** Represents a Change. */
    class Change {

        /**
         * Constructs a new Change.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Change.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Change key. */
        key: Uint8Array;

        /** Change value. */
        value: Uint8Array;

        /** Change revision. */
        revision: (number|Long);

        /** Change deleted. */
        deleted: boolean;

        /**
         * Encodes the specified Change message. Does not implicitly {@link abi.Change.verify|verify} messages.
         * @param message Change message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Change.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Change message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Change & abi.Change.$Shape} Change
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Change & abi.Change.$Shape;
    }

    namespace Change {

        /** Properties of a Change. */
        interface $Properties {

            /** Change key */
            key?: (Uint8Array|null);

            /** Change value */
            value?: (Uint8Array|null);

            /** Change revision */
            revision?: (number|Long|null);

            /** Change deleted */
            deleted?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Change. */
        type $Shape = abi.Change.$Properties;
    }

    /** Durability enum. */
    enum Durability {

        /** FLUSH value */
        FLUSH = 0,

        /** COMMIT value */
        COMMIT = 1,

        /** VOLATILE value */
        VOLATILE = 2
    }

    /**
     * Properties of a Kvpair.
     * @deprecated Use abi.Kvpair.$Properties instead.
     */
    interface IKvpair extends abi.Kvpair.$Properties {
    }

    /** Represents a Kvpair. */
    class Kvpair {

        /**
         * Constructs a new Kvpair.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Kvpair.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Kvpair key. */
        key: Uint8Array;

        /** Kvpair value. */
        value: Uint8Array;

        /** Kvpair revision. */
        revision: (number|Long);

        /**
         * Encodes the specified Kvpair message. Does not implicitly {@link abi.Kvpair.verify|verify} messages.
         * @param message Kvpair message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Kvpair.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Kvpair message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Kvpair & abi.Kvpair.$Shape} Kvpair
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Kvpair & abi.Kvpair.$Shape;
    }

    namespace Kvpair {

        /** Properties of a Kvpair. */
        interface $Properties {

            /** Kvpair key */
            key?: (Uint8Array|null);

            /** Kvpair value */
            value?: (Uint8Array|null);

            /** Kvpair revision */
            revision?: (number|Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Kvpair. */
        type $Shape = abi.Kvpair.$Properties;
    }

    /**
     * Properties of a Hget.
     * @deprecated Use abi.Hget.$Properties instead.
     */
    interface IHget extends abi.Hget.$Properties {
    }

    /** Represents a Hget. */
    class Hget {

        /**
         * Constructs a new Hget.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hget.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hget table. */
        table: Uint8Array;

        /** Hget key. */
        key: Uint8Array;

        /**
         * Encodes the specified Hget message. Does not implicitly {@link abi.Hget.verify|verify} messages.
         * @param message Hget message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hget.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hget message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hget & abi.Hget.$Shape} Hget
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hget & abi.Hget.$Shape;
    }

    namespace Hget {

        /** Properties of a Hget. */
        interface $Properties {

            /** Hget table */
            table?: (Uint8Array|null);

            /** Hget key */
            key?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hget. */
        type $Shape = abi.Hget.$Properties;
    }

    /**
     * Properties of a Hgetall.
     * @deprecated Use abi.Hgetall.$Properties instead.
     */
    interface IHgetall extends abi.Hgetall.$Properties {
    }

    /** Represents a Hgetall. */
    class Hgetall {

        /**
         * Constructs a new Hgetall.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hgetall.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hgetall table. */
        table: Uint8Array;

        /**
         * Encodes the specified Hgetall message. Does not implicitly {@link abi.Hgetall.verify|verify} messages.
         * @param message Hgetall message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hgetall.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hgetall message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hgetall & abi.Hgetall.$Shape} Hgetall
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hgetall & abi.Hgetall.$Shape;
    }

    namespace Hgetall {

        /** Properties of a Hgetall. */
        interface $Properties {

            /** Hgetall table */
            table?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hgetall. */
        type $Shape = abi.Hgetall.$Properties;
    }

    /**
     * Properties of a Hmget.
     * @deprecated Use abi.Hmget.$Properties instead.
     */
    interface IHmget extends abi.Hmget.$Properties {
    }

    /** Represents a Hmget. */
    class Hmget {

        /**
         * Constructs a new Hmget.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hmget.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hmget table. */
        table: Uint8Array;

        /** Hmget keys. */
        keys: Uint8Array[];

        /**
         * Encodes the specified Hmget message. Does not implicitly {@link abi.Hmget.verify|verify} messages.
         * @param message Hmget message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hmget.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hmget message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hmget & abi.Hmget.$Shape} Hmget
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hmget & abi.Hmget.$Shape;
    }

    namespace Hmget {

        /** Properties of a Hmget. */
        interface $Properties {

            /** Hmget table */
            table?: (Uint8Array|null);

            /** Hmget keys */
            keys?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hmget. */
        type $Shape = abi.Hmget.$Properties;
    }

    /**
     * Properties of a Hset.
     * @deprecated Use abi.Hset.$Properties instead.
     */
    interface IHset extends abi.Hset.$Properties {
    }

    /** Represents a Hset. */
    class Hset {

        /**
         * Constructs a new Hset.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hset.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hset table. */
        table: Uint8Array;

        /** Hset pair. */
        pair?: (abi.Kvpair.$Properties|null);

        /** Hset ifAbsent. */
        ifAbsent: boolean;

        /** Hset ifRevision. */
        ifRevision: (number|Long);

        /** Hset ttlMs. */
        ttlMs: (number|Long);

        /** Hset lease. */
        lease: boolean;

        /** Hset keep. */
        keep: boolean;

        /**
         * Encodes the specified Hset message. Does not implicitly {@link abi.Hset.verify|verify} messages.
         * @param message Hset message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hset.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hset message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hset & abi.Hset.$Shape} Hset
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hset & abi.Hset.$Shape;
    }

    namespace Hset {

        /** Properties of a Hset. */
        interface $Properties {

            /** Hset table */
            table?: (Uint8Array|null);

            /** Hset pair */
            pair?: (abi.Kvpair.$Properties|null);

            /** Hset ifAbsent */
            ifAbsent?: (boolean|null);

            /** Hset ifRevision */
            ifRevision?: (number|Long|null);

            /** Hset ttlMs */
            ttlMs?: (number|Long|null);

            /** Hset lease */
            lease?: (boolean|null);

            /** Hset keep */
            keep?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hset. */
        type $Shape = abi.Hset.$Properties;
    }

    /**
     * Properties of a Hmset.
     * @deprecated Use abi.Hmset.$Properties instead.
     */
    interface IHmset extends abi.Hmset.$Properties {
    }

    /** Represents a Hmset. */
    class Hmset {

        /**
         * Constructs a new Hmset.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hmset.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hmset table. */
        table: Uint8Array;

        /** Hmset pairs. */
        pairs: abi.Kvpair.$Properties[];

        /** Hmset ttlMs. */
        ttlMs: (number|Long);

        /**
         * Encodes the specified Hmset message. Does not implicitly {@link abi.Hmset.verify|verify} messages.
         * @param message Hmset message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hmset.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hmset message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hmset & abi.Hmset.$Shape} Hmset
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hmset & abi.Hmset.$Shape;
    }

    namespace Hmset {

        /** Properties of a Hmset. */
        interface $Properties {

            /** Hmset table */
            table?: (Uint8Array|null);

            /** Hmset pairs */
            pairs?: (abi.Kvpair.$Properties[]|null);

            /** Hmset ttlMs */
            ttlMs?: (number|Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hmset. */
        type $Shape = abi.Hmset.$Properties;
    }

    /**
     * Properties of a Hdel.
     * @deprecated Use abi.Hdel.$Properties instead.
     */
    interface IHdel extends abi.Hdel.$Properties {
    }

    /** Represents a Hdel. */
    class Hdel {

        /**
         * Constructs a new Hdel.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hdel.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hdel table. */
        table: Uint8Array;

        /** Hdel key. */
        key: Uint8Array;

        /** Hdel ifRevision. */
        ifRevision: (number|Long);

        /**
         * Encodes the specified Hdel message. Does not implicitly {@link abi.Hdel.verify|verify} messages.
         * @param message Hdel message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hdel.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hdel message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hdel & abi.Hdel.$Shape} Hdel
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hdel & abi.Hdel.$Shape;
    }

    namespace Hdel {

        /** Properties of a Hdel. */
        interface $Properties {

            /** Hdel table */
            table?: (Uint8Array|null);

            /** Hdel key */
            key?: (Uint8Array|null);

            /** Hdel ifRevision */
            ifRevision?: (number|Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hdel. */
        type $Shape = abi.Hdel.$Properties;
    }

    /**
     * Properties of a Hmdel.
     * @deprecated Use abi.Hmdel.$Properties instead.
     */
    interface IHmdel extends abi.Hmdel.$Properties {
    }

    /** Represents a Hmdel. */
    class Hmdel {

        /**
         * Constructs a new Hmdel.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hmdel.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hmdel table. */
        table: Uint8Array;

        /** Hmdel keys. */
        keys: Uint8Array[];

        /**
         * Encodes the specified Hmdel message. Does not implicitly {@link abi.Hmdel.verify|verify} messages.
         * @param message Hmdel message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hmdel.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hmdel message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hmdel & abi.Hmdel.$Shape} Hmdel
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hmdel & abi.Hmdel.$Shape;
    }

    namespace Hmdel {

        /** Properties of a Hmdel. */
        interface $Properties {

            /** Hmdel table */
            table?: (Uint8Array|null);

            /** Hmdel keys */
            keys?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hmdel. */
        type $Shape = abi.Hmdel.$Properties;
    }

    /**
     * Properties of a Hexist.
     * @deprecated Use abi.Hexist.$Properties instead.
     */
    interface IHexist extends abi.Hexist.$Properties {
    }

    /** Represents a Hexist. */
    class Hexist {

        /**
         * Constructs a new Hexist.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hexist.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hexist table. */
        table: Uint8Array;

        /** Hexist key. */
        key: Uint8Array;

        /**
         * Encodes the specified Hexist message. Does not implicitly {@link abi.Hexist.verify|verify} messages.
         * @param message Hexist message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hexist.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hexist message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hexist & abi.Hexist.$Shape} Hexist
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hexist & abi.Hexist.$Shape;
    }

    namespace Hexist {

        /** Properties of a Hexist. */
        interface $Properties {

            /** Hexist table */
            table?: (Uint8Array|null);

            /** Hexist key */
            key?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hexist. */
        type $Shape = abi.Hexist.$Properties;
    }

    /**
     * Properties of a Hmexist.
     * @deprecated Use abi.Hmexist.$Properties instead.
     */
    interface IHmexist extends abi.Hmexist.$Properties {
    }

    /** Represents a Hmexist. */
    class Hmexist {

        /**
         * Constructs a new Hmexist.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hmexist.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hmexist table. */
        table: Uint8Array;

        /** Hmexist keys. */
        keys: Uint8Array[];

        /**
         * Encodes the specified Hmexist message. Does not implicitly {@link abi.Hmexist.verify|verify} messages.
         * @param message Hmexist message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hmexist.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hmexist message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hmexist & abi.Hmexist.$Shape} Hmexist
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hmexist & abi.Hmexist.$Shape;
    }

    namespace Hmexist {

        /** Properties of a Hmexist. */
        interface $Properties {

            /** Hmexist table */
            table?: (Uint8Array|null);

            /** Hmexist keys */
            keys?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hmexist. */
        type $Shape = abi.Hmexist.$Properties;
    }

    /**
     * Properties of a Subscribe.
     * @deprecated Use abi.Subscribe.$Properties instead.
     */
    interface ISubscribe extends abi.Subscribe.$Properties {
    }

    /** Represents a Subscribe. */
    class Subscribe {

        /**
         * Constructs a new Subscribe.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Subscribe.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Subscribe topic. */
        topic: Uint8Array;

        /**
         * Encodes the specified Subscribe message. Does not implicitly {@link abi.Subscribe.verify|verify} messages.
         * @param message Subscribe message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Subscribe.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Subscribe message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Subscribe & abi.Subscribe.$Shape} Subscribe
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Subscribe & abi.Subscribe.$Shape;
    }

    namespace Subscribe {

        /** Properties of a Subscribe. */
        interface $Properties {

            /** Subscribe topic */
            topic?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Subscribe. */
        type $Shape = abi.Subscribe.$Properties;
    }

    /**
     * Properties of an Unsubscribe.
     * @deprecated Use abi.Unsubscribe.$Properties instead.
     */
    interface IUnsubscribe extends abi.Unsubscribe.$Properties {
    }

    /** Represents an Unsubscribe. */
    class Unsubscribe {

        /**
         * Constructs a new Unsubscribe.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Unsubscribe.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Unsubscribe topic. */
        topic: Uint8Array;

        /** Unsubscribe id. */
        id: number;

        /**
         * Encodes the specified Unsubscribe message. Does not implicitly {@link abi.Unsubscribe.verify|verify} messages.
         * @param message Unsubscribe message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Unsubscribe.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Unsubscribe message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Unsubscribe & abi.Unsubscribe.$Shape} Unsubscribe
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Unsubscribe & abi.Unsubscribe.$Shape;
    }

    namespace Unsubscribe {

        /** Properties of an Unsubscribe. */
        interface $Properties {

            /** Unsubscribe topic */
            topic?: (Uint8Array|null);

            /** Unsubscribe id */
            id?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Unsubscribe. */
        type $Shape = abi.Unsubscribe.$Properties;
    }

    /**
     * Properties of a Publish.
     * @deprecated Use abi.Publish.$Properties instead.
     */
    interface IPublish extends abi.Publish.$Properties {
    }

    /** Represents a Publish. */
    class Publish {

        /**
         * Constructs a new Publish.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Publish.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Publish topic. */
        topic: Uint8Array;

        /** Publish data. */
        data: Uint8Array[];

        /**
         * Encodes the specified Publish message. Does not implicitly {@link abi.Publish.verify|verify} messages.
         * @param message Publish message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Publish.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Publish message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Publish & abi.Publish.$Shape} Publish
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Publish & abi.Publish.$Shape;
    }

    namespace Publish {

        /** Properties of a Publish. */
        interface $Properties {

            /** Publish topic */
            topic?: (Uint8Array|null);

            /** Publish data */
            data?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Publish. */
        type $Shape = abi.Publish.$Properties;
    }

    /**
     * Properties of a Hello.
     * @deprecated Use abi.Hello.$Properties instead.
     */
    interface IHello extends abi.Hello.$Properties {
    }

    /** Represents a Hello. */
    class Hello {

        /**
         * Constructs a new Hello.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Hello.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hello version. */
        version: number;

        /** Hello token. */
        token: string;

        /** Hello client. */
        client: string;

        /** Hello clientId. */
        clientId: string;

        /**
         * Encodes the specified Hello message. Does not implicitly {@link abi.Hello.verify|verify} messages.
         * @param message Hello message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hello message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Hello & abi.Hello.$Shape} Hello
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Hello & abi.Hello.$Shape;
    }

    namespace Hello {

        /** Properties of a Hello. */
        interface $Properties {

            /** Hello version */
            version?: (number|null);

            /** Hello token */
            token?: (string|null);

            /** Hello client */
            client?: (string|null);

            /** Hello clientId */
            clientId?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hello. */
        type $Shape = abi.Hello.$Properties;
    }

    /**
     * Properties of a Welcome.
     * @deprecated Use abi.Welcome.$Properties instead.
     */
    interface IWelcome extends abi.Welcome.$Properties {
    }

    /** Represents a Welcome. */
    class Welcome {

        /**
         * Constructs a new Welcome.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Welcome.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Welcome version. */
        version: number;

        /** Welcome server. */
        server: string;

        /** Welcome session. */
        session: string;

        /** Welcome epoch. */
        epoch: string;

        /** Welcome durability. */
        durability: abi.Durability;

        /** Welcome limits. */
        limits?: (abi.Limits.$Properties|null);

        /** Welcome leaseGraceMs. */
        leaseGraceMs: number;

        /** Welcome mutationWindowMs. */
        mutationWindowMs: number;

        /** Welcome mutationWindow. */
        mutationWindow: number;

        /**
         * Encodes the specified Welcome message. Does not implicitly {@link abi.Welcome.verify|verify} messages.
         * @param message Welcome message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Welcome message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Welcome & abi.Welcome.$Shape} Welcome
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Welcome & abi.Welcome.$Shape;
    }

    namespace Welcome {

        /** Properties of a Welcome. */
        interface $Properties {

            /** Welcome version */
            version?: (number|null);

            /** Welcome server */
            server?: (string|null);

            /** Welcome session */
            session?: (string|null);

            /** Welcome epoch */
            epoch?: (string|null);

            /** Welcome durability */
            durability?: (abi.Durability|null);

            /** Welcome limits */
            limits?: (abi.Limits.$Properties|null);

            /** Welcome leaseGraceMs */
            leaseGraceMs?: (number|null);

            /** Welcome mutationWindowMs */
            mutationWindowMs?: (number|null);

            /** Welcome mutationWindow */
            mutationWindow?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Welcome. */
        type $Shape = abi.Welcome.$Properties;
    }

    /**
     * Properties of a Limits.
     * @deprecated Use abi.Limits.$Properties instead.
     */
    interface ILimits extends abi.Limits.$Properties {
    }

    /** Represents a Limits. */
    class Limits {

        /**
         * Constructs a new Limits.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Limits.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Limits maxFrameBytes. */
        maxFrameBytes: number;

        /** Limits maxKeyBytes. */
        maxKeyBytes: number;

        /** Limits maxValueBytes. */
        maxValueBytes: number;

        /** Limits maxElements. */
        maxElements: number;

        /** Limits maxRequests. */
        maxRequests: number;

        /**
         * Encodes the specified Limits message. Does not implicitly {@link abi.Limits.verify|verify} messages.
         * @param message Limits message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Limits.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Limits message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Limits & abi.Limits.$Shape} Limits
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Limits & abi.Limits.$Shape;
    }

    namespace Limits {

        /** Properties of a Limits. */
        interface $Properties {

            /** Limits maxFrameBytes */
            maxFrameBytes?: (number|null);

            /** Limits maxKeyBytes */
            maxKeyBytes?: (number|null);

            /** Limits maxValueBytes */
            maxValueBytes?: (number|null);

            /** Limits maxElements */
            maxElements?: (number|null);

            /** Limits maxRequests */
            maxRequests?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Limits. */
        type $Shape = abi.Limits.$Properties;
    }

    /**
     * Properties of a Ping.
     * @deprecated Use abi.Ping.$Properties instead.
     */
    interface IPing extends abi.Ping.$Properties {
    }

    /** Represents a Ping. */
    class Ping {

        /**
         * Constructs a new Ping.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Ping.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Encodes the specified Ping message. Does not implicitly {@link abi.Ping.verify|verify} messages.
         * @param message Ping message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Ping.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Ping message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Ping & abi.Ping.$Shape} Ping
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Ping & abi.Ping.$Shape;
    }

    namespace Ping {

        /** Properties of a Ping. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Ping. */
        type $Shape = abi.Ping.$Properties;
    }

    /**
     * Properties of a Range.
     * @deprecated Use abi.Range.$Properties instead.
     */
    interface IRange extends abi.Range.$Properties {
    }

    /** Represents a Range. */
    class Range {

        /**
         * Constructs a new Range.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Range.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Range table. */
        table: Uint8Array;

        /** Range prefix. */
        prefix: Uint8Array;

        /** Range start. */
        start: Uint8Array;

        /** Range end. */
        end: Uint8Array;

        /** Range limit. */
        limit: number;

        /** Range reverse. */
        reverse: boolean;

        /** Range cursor. */
        cursor: Uint8Array;

        /** Range keysOnly. */
        keysOnly: boolean;

        /**
         * Encodes the specified Range message. Does not implicitly {@link abi.Range.verify|verify} messages.
         * @param message Range message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Range.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Range message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Range & abi.Range.$Shape} Range
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Range & abi.Range.$Shape;
    }

    namespace Range {

        /** Properties of a Range. */
        interface $Properties {

            /** Range table */
            table?: (Uint8Array|null);

            /** Range prefix */
            prefix?: (Uint8Array|null);

            /** Range start */
            start?: (Uint8Array|null);

            /** Range end */
            end?: (Uint8Array|null);

            /** Range limit */
            limit?: (number|null);

            /** Range reverse */
            reverse?: (boolean|null);

            /** Range cursor */
            cursor?: (Uint8Array|null);

            /** Range keysOnly */
            keysOnly?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Range. */
        type $Shape = abi.Range.$Properties;
    }

    /**
     * Properties of a Count.
     * @deprecated Use abi.Count.$Properties instead.
     */
    interface ICount extends abi.Count.$Properties {
    }

    /** Represents a Count. */
    class Count {

        /**
         * Constructs a new Count.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Count.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Count table. */
        table: Uint8Array;

        /** Count prefix. */
        prefix: Uint8Array;

        /** Count start. */
        start: Uint8Array;

        /** Count end. */
        end: Uint8Array;

        /**
         * Encodes the specified Count message. Does not implicitly {@link abi.Count.verify|verify} messages.
         * @param message Count message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Count.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Count message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Count & abi.Count.$Shape} Count
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Count & abi.Count.$Shape;
    }

    namespace Count {

        /** Properties of a Count. */
        interface $Properties {

            /** Count table */
            table?: (Uint8Array|null);

            /** Count prefix */
            prefix?: (Uint8Array|null);

            /** Count start */
            start?: (Uint8Array|null);

            /** Count end */
            end?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Count. */
        type $Shape = abi.Count.$Properties;
    }

    /**
     * Properties of a Tables.
     * @deprecated Use abi.Tables.$Properties instead.
     */
    interface ITables extends abi.Tables.$Properties {
    }

    /** Represents a Tables. */
    class Tables {

        /**
         * Constructs a new Tables.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Tables.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Tables prefix. */
        prefix: Uint8Array;

        /**
         * Encodes the specified Tables message. Does not implicitly {@link abi.Tables.verify|verify} messages.
         * @param message Tables message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Tables.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Tables message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Tables & abi.Tables.$Shape} Tables
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Tables & abi.Tables.$Shape;
    }

    namespace Tables {

        /** Properties of a Tables. */
        interface $Properties {

            /** Tables prefix */
            prefix?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Tables. */
        type $Shape = abi.Tables.$Properties;
    }

    /**
     * Properties of a TableInfo.
     * @deprecated Use abi.TableInfo.$Properties instead.
     */
    interface ITableInfo extends abi.TableInfo.$Properties {
    }

    /** Represents a TableInfo. */
    class TableInfo {

        /**
         * Constructs a new TableInfo.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.TableInfo.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** TableInfo name. */
        name: Uint8Array;

        /** TableInfo count. */
        count: (number|Long);

        /** TableInfo revision. */
        revision: (number|Long);

        /**
         * Encodes the specified TableInfo message. Does not implicitly {@link abi.TableInfo.verify|verify} messages.
         * @param message TableInfo message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.TableInfo.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a TableInfo message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.TableInfo & abi.TableInfo.$Shape} TableInfo
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.TableInfo & abi.TableInfo.$Shape;
    }

    namespace TableInfo {

        /** Properties of a TableInfo. */
        interface $Properties {

            /** TableInfo name */
            name?: (Uint8Array|null);

            /** TableInfo count */
            count?: (number|Long|null);

            /** TableInfo revision */
            revision?: (number|Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a TableInfo. */
        type $Shape = abi.TableInfo.$Properties;
    }

    /**
     * Properties of a Drop.
     * @deprecated Use abi.Drop.$Properties instead.
     */
    interface IDrop extends abi.Drop.$Properties {
    }

    /** Represents a Drop. */
    class Drop {

        /**
         * Constructs a new Drop.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Drop.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Drop table. */
        table: Uint8Array;

        /**
         * Encodes the specified Drop message. Does not implicitly {@link abi.Drop.verify|verify} messages.
         * @param message Drop message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Drop.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Drop message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Drop & abi.Drop.$Shape} Drop
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Drop & abi.Drop.$Shape;
    }

    namespace Drop {

        /** Properties of a Drop. */
        interface $Properties {

            /** Drop table */
            table?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Drop. */
        type $Shape = abi.Drop.$Properties;
    }

    /**
     * Properties of a Flush.
     * @deprecated Use abi.Flush.$Properties instead.
     */
    interface IFlush extends abi.Flush.$Properties {
    }

    /** Represents a Flush. */
    class Flush {

        /**
         * Constructs a new Flush.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Flush.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Encodes the specified Flush message. Does not implicitly {@link abi.Flush.verify|verify} messages.
         * @param message Flush message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Flush.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Flush message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Flush & abi.Flush.$Shape} Flush
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Flush & abi.Flush.$Shape;
    }

    namespace Flush {

        /** Properties of a Flush. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Flush. */
        type $Shape = abi.Flush.$Properties;
    }

    /**
     * Properties of a Cancel.
     * @deprecated Use abi.Cancel.$Properties instead.
     */
    interface ICancel extends abi.Cancel.$Properties {
    }

    /** Represents a Cancel. */
    class Cancel {

        /**
         * Constructs a new Cancel.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Cancel.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Cancel request. */
        request: number;

        /**
         * Encodes the specified Cancel message. Does not implicitly {@link abi.Cancel.verify|verify} messages.
         * @param message Cancel message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Cancel.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Cancel message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Cancel & abi.Cancel.$Shape} Cancel
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Cancel & abi.Cancel.$Shape;
    }

    namespace Cancel {

        /** Properties of a Cancel. */
        interface $Properties {

            /** Cancel request */
            request?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Cancel. */
        type $Shape = abi.Cancel.$Properties;
    }

    /**
     * Properties of a Watch.
     * @deprecated Use abi.Watch.$Properties instead.
     */
    interface IWatch extends abi.Watch.$Properties {
    }

    /** Represents a Watch. */
    class Watch {

        /**
         * Constructs a new Watch.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Watch.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Watch table. */
        table: Uint8Array;

        /** Watch key. */
        key: Uint8Array;

        /** Watch prefix. */
        prefix: Uint8Array;

        /** Watch since. */
        since: (number|Long);

        /** Watch epoch. */
        epoch: Uint8Array;

        /** Watch keysOnly. */
        keysOnly: boolean;

        /**
         * Encodes the specified Watch message. Does not implicitly {@link abi.Watch.verify|verify} messages.
         * @param message Watch message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Watch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Watch message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Watch & abi.Watch.$Shape} Watch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Watch & abi.Watch.$Shape;
    }

    namespace Watch {

        /** Properties of a Watch. */
        interface $Properties {

            /** Watch table */
            table?: (Uint8Array|null);

            /** Watch key */
            key?: (Uint8Array|null);

            /** Watch prefix */
            prefix?: (Uint8Array|null);

            /** Watch since */
            since?: (number|Long|null);

            /** Watch epoch */
            epoch?: (Uint8Array|null);

            /** Watch keysOnly */
            keysOnly?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Watch. */
        type $Shape = abi.Watch.$Properties;
    }

    /**
     * Properties of an Increment.
     * @deprecated Use abi.Increment.$Properties instead.
     */
    interface IIncrement extends abi.Increment.$Properties {
    }

    /** Represents an Increment. */
    class Increment {

        /**
         * Constructs a new Increment.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Increment.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Increment table. */
        table: Uint8Array;

        /** Increment key. */
        key: Uint8Array;

        /** Increment by. */
        by: Uint8Array;

        /** Increment ttlMs. */
        ttlMs: (number|Long);

        /** Increment keepType. */
        keepType: boolean;

        /**
         * Encodes the specified Increment message. Does not implicitly {@link abi.Increment.verify|verify} messages.
         * @param message Increment message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Increment.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Increment message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Increment & abi.Increment.$Shape} Increment
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Increment & abi.Increment.$Shape;
    }

    namespace Increment {

        /** Properties of an Increment. */
        interface $Properties {

            /** Increment table */
            table?: (Uint8Array|null);

            /** Increment key */
            key?: (Uint8Array|null);

            /** Increment by */
            by?: (Uint8Array|null);

            /** Increment ttlMs */
            ttlMs?: (number|Long|null);

            /** Increment keepType */
            keepType?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Increment. */
        type $Shape = abi.Increment.$Properties;
    }

    /**
     * Properties of a Transaction.
     * @deprecated Use abi.Transaction.$Properties instead.
     */
    interface ITransaction extends abi.Transaction.$Properties {
    }

    /** Represents a Transaction. */
    class Transaction {

        /**
         * Constructs a new Transaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Transaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Transaction checks. */
        checks: abi.Check.$Properties[];

        /** Transaction writes. */
        writes: abi.TransactionWrite.$Properties[];

        /**
         * Encodes the specified Transaction message. Does not implicitly {@link abi.Transaction.verify|verify} messages.
         * @param message Transaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Transaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Transaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Transaction & abi.Transaction.$Shape} Transaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Transaction & abi.Transaction.$Shape;
    }

    namespace Transaction {

        /** Properties of a Transaction. */
        interface $Properties {

            /** Transaction checks */
            checks?: (abi.Check.$Properties[]|null);

            /** Transaction writes */
            writes?: (abi.TransactionWrite.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Transaction. */
        type $Shape = abi.Transaction.$Properties;
    }

    /**
     * Properties of a Check.
     * @deprecated Use abi.Check.$Properties instead.
     */
    interface ICheck extends abi.Check.$Properties {
    }

    /** Represents a Check. */
    class Check {

        /**
         * Constructs a new Check.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.Check.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Check table. */
        table: Uint8Array;

        /** Check key. */
        key: Uint8Array;

        /** Check revision. */
        revision: (number|Long);

        /**
         * Encodes the specified Check message. Does not implicitly {@link abi.Check.verify|verify} messages.
         * @param message Check message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.Check.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Check message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.Check & abi.Check.$Shape} Check
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.Check & abi.Check.$Shape;
    }

    namespace Check {

        /** Properties of a Check. */
        interface $Properties {

            /** Check table */
            table?: (Uint8Array|null);

            /** Check key */
            key?: (Uint8Array|null);

            /** Check revision */
            revision?: (number|Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Check. */
        type $Shape = abi.Check.$Properties;
    }

    /**
     * Properties of a TransactionWrite.
     * @deprecated Use abi.TransactionWrite.$Properties instead.
     */
    interface ITransactionWrite extends abi.TransactionWrite.$Properties {
    }

    /** Represents a TransactionWrite. */
    class TransactionWrite {

        /**
         * Constructs a new TransactionWrite.
         * @param [properties] Properties to set
         */
        constructor(properties?: abi.TransactionWrite.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** TransactionWrite table. */
        table: Uint8Array;

        /** TransactionWrite key. */
        key: Uint8Array;

        /** TransactionWrite value. */
        value: Uint8Array;

        /** TransactionWrite delete. */
        delete: boolean;

        /** TransactionWrite increment. */
        increment: Uint8Array;

        /** TransactionWrite ttlMs. */
        ttlMs: (number|Long);

        /** TransactionWrite lease. */
        lease: boolean;

        /** TransactionWrite keepType. */
        keepType: boolean;

        /**
         * Encodes the specified TransactionWrite message. Does not implicitly {@link abi.TransactionWrite.verify|verify} messages.
         * @param message TransactionWrite message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: abi.TransactionWrite.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a TransactionWrite message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {abi.TransactionWrite & abi.TransactionWrite.$Shape} TransactionWrite
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): abi.TransactionWrite & abi.TransactionWrite.$Shape;
    }

    namespace TransactionWrite {

        /** Properties of a TransactionWrite. */
        interface $Properties {

            /** TransactionWrite table */
            table?: (Uint8Array|null);

            /** TransactionWrite key */
            key?: (Uint8Array|null);

            /** TransactionWrite value */
            value?: (Uint8Array|null);

            /** TransactionWrite delete */
            "delete"?: (boolean|null);

            /** TransactionWrite increment */
            increment?: (Uint8Array|null);

            /** TransactionWrite ttlMs */
            ttlMs?: (number|Long|null);

            /** TransactionWrite lease */
            lease?: (boolean|null);

            /** TransactionWrite keepType */
            keepType?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a TransactionWrite. */
        type $Shape = abi.TransactionWrite.$Properties;
    }
}
