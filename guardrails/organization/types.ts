/** A root, an organizational unit or an account. */
export interface Target {
  readonly id: string;
  readonly kind: 'root' | 'unit' | 'account';
  /** Its path (`Workloads/Production`) or name; `root` for the root. */
  readonly name: string;
}

/** A policy of Garrison's as it stands in the organization. */
export interface ObservedPolicy {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  readonly targets: readonly Target[];
}

/** What stands in the organization, as far as guardrails go. */
export interface ObservedOrganization {
  readonly root: Target;
  readonly managementAccountId: string;
  /** Service control policies are switched on. */
  readonly typeEnabled: boolean;
  /** Garrison's own, by name. */
  readonly policies: readonly ObservedPolicy[];
}

/** A policy as it is to stand in the organization. Its name tells its content, so what hangs elsewhere stays as it is. */
export interface WantedPolicy {
  readonly name: string;
  readonly content: string;
  readonly description: string;
}

/** One thing to do. Plain data, in the order in which it is to be done. */
export type Change =
  | { readonly kind: 'enable' }
  | { readonly kind: 'create'; readonly name: string; readonly content: string; readonly description: string }
  /** Somebody changed it by hand: it gets its own content back, wherever it hangs. */
  | {
      readonly kind: 'restore';
      readonly id: string;
      readonly name: string;
      readonly content: string;
      readonly targets: readonly Target[];
    }
  | { readonly kind: 'attach'; readonly name: string; readonly target: Target }
  | { readonly kind: 'detach'; readonly id: string; readonly name: string; readonly target: Target }
  | { readonly kind: 'delete'; readonly id: string; readonly name: string };
