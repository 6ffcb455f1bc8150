import { LRUCache } from 'lru-cache';
import type { Policy } from '../policy.ts';
import type { PolicyKind, PolicyParts } from './kinds.ts';

/** Documents of other versions that are kept ready, some 5 MB each. */
const REMEMBERED = 6;

/** A document of one version, ready to decide by. */
export interface ReadyVersion {
  readonly version: string;
  readonly document: unknown;
  readonly parts: Partial<PolicyParts>;
}

/**
 * The policy that decides now. Another may be put in its place while requests are answered: take `current` once per
 * decision.
 */
export class PolicyInForce implements Policy {
  /** What came with this program. */
  readonly shipped: Policy;
  #current: Policy;
  readonly #earlier = new LRUCache<string, ReadyVersion>({ max: REMEMBERED });
  readonly #unfit = new Set<string>();

  constructor(shipped: Policy) {
    this.shipped = shipped;
    this.#current = shipped;
  }

  get current(): Policy {
    return this.#current;
  }

  /** A version that was looked at lately. */
  find(kind: PolicyKind, version: string): ReadyVersion | undefined {
    if (version === this.shipped.versions[kind]) return ofPolicy(this.shipped, kind);
    if (version === this.#current.versions[kind]) return ofPolicy(this.#current, kind);
    return this.#earlier.get(`${kind}:${version}`);
  }

  remember(kind: PolicyKind, ready: ReadyVersion): void {
    this.#earlier.set(`${kind}:${ready.version}`, ready);
  }

  /** Whether a version was found to be of another taxonomy, or of a newer program. */
  isUnfit(kind: PolicyKind, version: string): boolean {
    return this.#unfit.has(`${kind}:${version}`);
  }

  markUnfit(kind: PolicyKind, version: string): void {
    this.#unfit.add(`${kind}:${version}`);
  }

  /** Decisions from now on are taken by this version. */
  replace(kind: PolicyKind, ready: ReadyVersion): void {
    this.#current = withVersion(this.#current, kind, ready);
  }

  get taxonomy() {
    return this.#current.taxonomy;
  }
  get ruleBook() {
    return this.#current.ruleBook;
  }
  get rates() {
    return this.#current.rates;
  }
  get readAmounts() {
    return this.#current.readAmounts;
  }
  get sla() {
    return this.#current.sla;
  }
  get concepts() {
    return this.#current.concepts;
  }
  get naming() {
    return this.#current.naming;
  }
  get followUp() {
    return this.#current.followUp;
  }
  get fixNotice() {
    return this.#current.fixNotice;
  }
  get mail() {
    return this.#current.mail;
  }
  get replies() {
    return this.#current.replies;
  }
  get routing() {
    return this.#current.routing;
  }
  get seeds() {
    return this.#current.seeds;
  }
  get words() {
    return this.#current.words;
  }
  get cues() {
    return this.#current.cues;
  }
  get versions() {
    return this.#current.versions;
  }
  get documents() {
    return this.#current.documents;
  }

  exampleText(id: string): string | undefined {
    return this.#current.exampleText(id);
  }
}

/** The policy with one of its documents exchanged. */
export function withVersion(policy: Policy, kind: PolicyKind, { version, document, parts }: ReadyVersion): Policy {
  return {
    ...policy,
    ...parts,
    documents: { ...policy.documents, [kind]: document },
    versions: { ...policy.versions, [kind]: version },
  };
}

function ofPolicy(policy: Policy, kind: PolicyKind): ReadyVersion {
  const { ruleBook, rates, readAmounts, sla, routing } = policy;
  const parts = { rules: { ruleBook, rates, readAmounts }, sla: { sla }, routing: { routing } };
  return { version: policy.versions[kind], document: policy.documents[kind], parts: parts[kind] };
}
