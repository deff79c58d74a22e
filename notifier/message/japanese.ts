import type { Catalog } from './catalog';

export const japanese: Catalog = {
  language: 'ja',
  severity: { Low: '低', Medium: '中', High: '高', Critical: '重大' },
  labels: {
    account: 'アカウント',
    organizationalUnit: '組織単位 (OU)',
    region: 'リージョン',
    severity: '重要度',
    resource: 'リソース',
    actor: '実行者',
    remote: '接続元・接続先',
    action: 'アクション',
    count: '回数',
    seen: '観測時刻',
    type: 'タイプ',
    finding: '検出結果',
    event: 'イベント',
    detection: '検知ルール',
    runbook: '対応手順',
  },
  facts: {
    instanceType: 'インスタンスタイプ',
    image: 'イメージ',
    publicAddress: 'パブリックアドレス',
    privateAddress: 'プライベートアドレス',
    vpc: 'VPC',
    access: 'アクセス',
    namespace: '名前空間',
    workload: 'ワークロード',
    container: 'コンテナ',
    process: 'プロセス',
    file: 'ファイル',
    malware: 'マルウェア',
    threatList: '脅威リスト',
    engine: 'エンジン',
    database: 'データベース',
    task: 'タスク',
    domain: 'ドメイン',
    port: 'ポート',
    userAgent: 'ユーザーエージェント',
    accessKey: 'アクセスキー',
    session: 'セッション',
    mfa: 'MFA',
    error: 'エラー',
    parameters: 'パラメータ',
  },
  kinds: {
    Instance: 'EC2 インスタンス',
    EC2: 'EC2 インスタンス',
    AccessKey: 'アクセスキー',
    IAMUser: 'IAM ユーザー',
    IAM: 'IAM プリンシパル',
    Root: 'ルートユーザー',
    AssumedRole: 'ロール',
    Role: 'ロール',
    FederatedUser: 'フェデレーションユーザー',
    SAMLUser: 'SAML ユーザー',
    WebIdentityUser: 'ウェブ ID ユーザー',
    IdentityCenterUser: 'Identity Center ユーザー',
    AWSService: 'AWS サービス',
    AWSAccount: 'AWS アカウント',
    Unknown: '不明なプリンシパル',
    DatabaseUser: 'データベースユーザー',
    KubernetesUser: 'Kubernetes ユーザー',
    S3Bucket: 'S3 バケット',
    S3: 'S3 バケット',
    S3Object: 'S3 オブジェクト',
    EKSCluster: 'EKS クラスター',
    EKS: 'EKS クラスター',
    Kubernetes: 'EKS クラスター',
    ECSCluster: 'ECS クラスター',
    ECS: 'ECS クラスター',
    Container: 'コンテナ',
    Runtime: 'ワークロード',
    Lambda: 'Lambda 関数',
    RDSDBInstance: 'RDS データベース',
    RDSLimitlessDB: 'Aurora Limitless データベース',
    RDS: 'RDS データベース',
    EBSSnapshot: 'EBS スナップショット',
    EBSVolume: 'EBS ボリューム',
    EC2Image: 'マシンイメージ',
    RecoveryPoint: '復旧ポイント',
  },
  purposes: {
    AttackSequence: '攻撃シーケンス',
    Backdoor: 'バックドア',
    Behavior: '異常な動作',
    CredentialAccess: '認証情報へのアクセス',
    CryptoCurrency: '暗号通貨',
    DefenseEvasion: '防御回避',
    Discovery: '探索',
    Execution: '実行',
    Exfiltration: '持ち出し',
    Impact: '影響',
    InitialAccess: '初期アクセス',
    Object: '悪意のあるオブジェクト',
    PenTest: '侵入テスト',
    Persistence: '永続化',
    Policy: 'ポリシー',
    PrivilegeEscalation: '権限昇格',
    Recon: '偵察',
    Stealth: '隠蔽',
    Trojan: 'トロイの木馬',
    UnauthorizedAccess: '不正アクセス',
  },
  buttons: {
    console: 'コンソールで開く',
    finding: '検出結果の JSON',
    event: 'イベントの JSON',
    silence: '同種を通知しない',
    runbook: '対応手順',
  },
  sample: 'サンプル',
  unknownAccount: 'accounts.csv に未登録',
  blocked: 'ブロック済み',
  sentence(alert, { actor, resource, headline }) {
    const { action } = alert;
    if (alert.source === 'guardduty') {
      const where = resource === '' ? '' : `${resource} で`;
      return `${where}「${headline}」を検出しました: ${alert.title}`;
    }
    if (action?.kind === 'signIn') {
      const without = alert.facts.some(({ name, value }) => name === 'mfa' && value === 'No') ? ' MFA なしで' : '';
      return action.error === undefined
        ? `${actor} が${without} AWS コンソールにサインインしました。`
        : `${actor} が AWS コンソールへのサインインに失敗しました: ${action.error}`;
    }
    if (action?.kind === 'apiCall') {
      const on = resource === '' ? '' : `${resource} に対して `;
      const error = action.error === undefined ? '' : `（${action.error} で拒否）`;
      return `${actor} が ${on}${action.text} を呼び出しました${error}。`;
    }
    return alert.title;
  },
  counted: (sentence, count, seconds) => `${duration(seconds)}以内に ${count} 回、最後は: ${sentence}`,
  variant: (letter) => `変種 ${letter}`,
  signals: (count) => `シグナル ${count} 件`,
  more: (count) => `… ほか ${count.toLocaleString('en-US')} 件`,
  refusedWith: (error) => `拒否: ${error}`,
  repeated: (times, last) => `*${times.toLocaleString('en-US')} 回*観測、最終 ${last}`,
  again: (what) => `再度観測: ${what}`,
  digest: {
    title: (count, seconds) => `${seconds} 秒間に ${count.toLocaleString('en-US')} 件のアラート（まとめ）`,
    byType: 'タイプ別',
    byAccount: 'アカウント別',
    bySeverity: '重要度別',
    note: (file) =>
      file
        ? 'すべてのアラートはこのスレッドのファイルにあります。'
        : 'すべてのアラートはアラートテーブルに記録されています。',
  },
};

function duration(seconds: number): string {
  const [unit, size] = seconds % 3_600 === 0 ? ['時間', 3_600] : seconds % 60 === 0 ? ['分', 60] : ['秒', 1];
  return `${seconds / Number(size)} ${unit}`;
}
