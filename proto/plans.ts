// The field tables generated from kv.proto, made ready for a codec that walks them: fields by name for writing, by number
// for reading, each with its tag.
import { oneofMember, repeatedField } from './fields.ts'
import { tables } from './gen/tables.ts'
import { bytesWire, wireOf } from './tags.ts'

export interface FieldPlan {
  readonly name: string
  readonly type: string
  readonly tag: number
  readonly repeated: boolean
  /** Of the message's oneof: the last member read is the only one kept. */
  readonly member: boolean
  /** The tag of repeated numbers that stand together behind one; 0 where there is no such form. */
  readonly packedTag: number
  message: MessagePlan | undefined
}

export interface MessagePlan {
  readonly byName: Record<string, FieldPlan>
  readonly byNumber: (FieldPlan | undefined)[]
}

/** The plans of all messages, by name. */
export const plans: Record<string, MessagePlan> = Object.create(null)

for (const [message, fields] of Object.entries(tables)) {
  const plan: MessagePlan = { byName: Object.create(null), byNumber: [] }
  for (const [number, name, type, form] of fields) {
    const wire = wireOf(type)
    const tag = number * 8 + wire
    const packedTag = form === repeatedField && wire !== bytesWire ? number * 8 + bytesWire : 0
    // No holes: a lookup in an array with holes leaves the fast path.
    while (plan.byNumber.length <= number) plan.byNumber.push(undefined)
    plan.byNumber[number] = {
      name,
      type,
      tag,
      repeated: form === repeatedField,
      member: form === oneofMember,
      packedTag,
      message: undefined,
    }
    plan.byName[name] = plan.byNumber[number]!
  }
  plans[message] = plan
}
for (const { byName } of Object.values(plans))
  for (const field of Object.values(byName)) field.message = plans[field.type]
