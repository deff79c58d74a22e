/** What a detection says, in Japanese. */
interface Saying {
  readonly title: string;
  readonly meaning: string;
}

/** By the detections' ids. */
export const japanese: Readonly<Record<string, Saying>> = {
  'account-left': {
    title: 'アカウントが組織から離脱または参加',
    meaning: '組織外のアカウントにはポリシーが及ばず、支払いも監視も保護も行われません。',
  },
  'billing-or-support-changed': {
    title: '請求、連絡先またはサポートプランの変更',
    meaning:
      '支払い者、AWS からの連絡先、サポートケースを起票できる人が変わりました。攻撃者は警告が届かないよう、まず連絡先を変えます。',
  },
  'config-stopped': {
    title: 'AWS Config の停止または変更',
    meaning: 'AWS Config がリソースの変更を記録しなくなったか、履歴の書き込み先が変わりました。',
  },
  'console-sign-in': {
    title: 'コンソールへのサインイン',
    meaning:
      '本人、またはパスワードを持つ別人が AWS コンソールを開きました。パイプライン経由の作業が原則の環境では、すべてのサインインを確認する価値があります。',
  },
  'domain-transferred': {
    title: 'ドメインの移管またはロック解除',
    meaning: 'ドメインを握った者は、そのメールを受け取り、ウェブページを配信できます。',
  },
  'failed-sign-ins': {
    title: 'サインイン失敗の繰り返し',
    meaning: '誰かがコンソールのパスワードを試しています。存在しないユーザー名での試行も数えます。',
  },
  'garrison-changed': {
    title: 'Garrison の一部の変更',
    meaning:
      '監視そのもの（Garrison の関数、ルール、キュー、シークレット、ロール、スタックセット）が、展開作業以外で変更または削除されました。',
  },
  'gateway-changed': {
    title: 'ネットワークゲートウェイの変更',
    meaning: 'VPC への出入り口が開かれたか、閉じられました。',
  },
  'guardduty-disabled': {
    title: 'GuardDuty 検出器の削除または停止',
    meaning: 'このアカウントとリージョンで GuardDuty が機能していないか、検出結果が誰にも届きません。',
  },
  'guardduty-findings-suppressed': {
    title: 'GuardDuty の検出結果の抑制',
    meaning:
      '抑制フィルターは検出結果を人目に触れる前にアーカイブします。信頼済み IP リストも同様に、そこからの操作を見逃します。',
  },
  'guardduty-membership-changed': {
    title: 'GuardDuty 管理者からのアカウントの離脱',
    meaning:
      'メンバーが削除または停止されたか、自ら離脱したため、セキュリティアカウントからこのアカウントの検出結果が見えません。',
  },
  'iam-access-key-changed': {
    title: 'アクセスキーの作成または変更',
    meaning: '長期のアクセスキーは漏えいします。新しいキーは、侵入者が戻ってくるための手段かもしれません。',
  },
  'iam-policy-changed': {
    title: 'IAM ポリシーの変更',
    meaning: 'ポリシーの作成、アタッチ、デタッチ、削除により、権限が与えられたか、取り上げられました。',
  },
  'iam-user-changed': {
    title: 'IAM ユーザーの作成または変更',
    meaning:
      'ユーザー、パスワードまたはグループが変わりました。Identity Center を使う環境では、いずれも起こらないはずの操作です。',
  },
  'kms-key-disabled': {
    title: 'KMS キーの無効化または削除予約',
    meaning: 'このキーで暗号化されたものは、無効の間は読めず、キーが削除されれば二度と読めません。',
  },
  'mfa-deactivated': {
    title: 'MFA デバイスの解除',
    meaning: 'ユーザーの第二の認証要素がなくなりました。アカウントを乗っ取る者は、居座るためにこれを行います。',
  },
  'network-acl-changed': {
    title: 'ネットワーク ACL の変更',
    meaning: 'サブネットの通信を許可するリストが変わりました。',
  },
  'organization-changed': {
    title: '組織の変更',
    meaning: '組織のアカウント、組織単位、ハンドシェイクまたはポリシーが変わりました。',
  },
  'privileged-role-used': {
    title: '特権ロールの使用',
    meaning:
      'ほぼすべてを変更できるロールが、SAML、AssumeRole または IAM Identity Center を通じて使われました（AWS サービスによる使用は除きます）。',
  },
  'root-activity': {
    title: 'ルートユーザーの操作',
    meaning: 'ルートユーザーの認証情報による呼び出しです（AWS サービスがルートの名で行うものは除きます）。',
  },
  'root-sign-in': {
    title: 'ルートユーザーのサインイン',
    meaning:
      'ルートユーザーはアカウントのすべてを操作でき、アカウントのポリシーでは制限できません。日常業務では不要なはずです。',
  },
  'route-table-changed': {
    title: 'ルートテーブルの変更',
    meaning: 'VPC の通信経路が変わりました。ファイアウォールの迂回や、第三者の機器の経由かもしれません。',
  },
  's3-bucket-policy-changed': {
    title: 'S3 バケットのアクセス設定の変更',
    meaning: 'バケットのポリシー、アクセスリスト、ライフサイクル、ウェブ共有またはレプリケーションが変わりました。',
  },
  's3-objects-removed': {
    title: 'バケットからのオブジェクトの削除',
    meaning: '増える一方のはずのバケットから、オブジェクトが削除されました。',
  },
  's3-protection-removed': {
    title: 'S3 バケットの保護の変更',
    meaning:
      'パブリックアクセスブロックはポリシーにかかわらずバケットを非公開に保ち、バージョニングは削除の取り消しを可能にします。そのいずれかが変更されたか、バケットごと削除されました。',
  },
  'security-group-changed': {
    title: 'セキュリティグループの変更',
    meaning: 'ネットワーク経由で到達できる範囲が変わりました。グループをコードだけで管理する環境で役立つアラートです。',
  },
  'security-group-open-to-world': {
    title: 'セキュリティグループの全体公開',
    meaning: '公開を意図していないポートに、インターネット上の誰もが到達できる可能性があります。',
  },
  'service-control-policy-changed': {
    title: 'サービスコントロールポリシーの変更',
    meaning: 'アカウント全体に許される操作の上限が、ガードレールの書き換え、移動または削除により変わりました。',
  },
  'sign-in-outside-networks': {
    title: '許可されたネットワーク以外からのコンソールサインイン',
    meaning: '業務で使うネットワークのいずれにも属さないアドレスからのサインインです。',
  },
  'sign-in-without-mfa': {
    title: 'MFA なしのコンソールサインイン',
    meaning:
      'アカウントのユーザーまたはルートユーザーが、パスワードだけでサインインしました（フェデレーションと Identity Center のセッションは、MFA の有無が AWS から分からないため除きます）。',
  },
  'trail-changed': {
    title: '証跡の作成または変更',
    meaning: 'CloudTrail の書き込み先、全リージョンの記録またはファイル検証の設定が変わった可能性があります。',
  },
  'trail-selectors-weakened': {
    title: '証跡の記録対象の変更',
    meaning:
      'セレクターは証跡に残すイベントを決めます。管理イベントを外せば、証跡を止めずに見えなくすることができます。',
  },
  'trail-stopped': {
    title: '証跡の停止または削除',
    meaning: 'CloudTrail が記録をやめました。他のほぼすべての検知がこの記録に頼るため、最優先で対応してください。',
  },
  'unapproved-image': {
    title: '未承認のイメージからのインスタンス起動',
    meaning:
      'リストにない AMI からインスタンスが起動されました。パッチや監視がないか、まったくの他人が作ったものかもしれません。',
  },
  'unauthorized-calls': {
    title: '権限のない呼び出しの繰り返し',
    meaning:
      '誰か、または何かが、許されていない操作を試しています。一度なら間違いでも、多ければ、盗んだ認証情報でできることを探っている可能性があります。',
  },
  'vpc-changed': {
    title: 'VPC の変更',
    meaning: 'ネットワークが作成、削除または変更されたか、別のネットワークと接続されました。',
  },
};
