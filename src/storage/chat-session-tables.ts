import type { Generated } from 'kysely';

export type ChatSessionsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  agent_id: string;
  agent_version: number;
  ext_type: string;
  ext_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string;
  mode: string;
  operator_id: string | null;
  operator_name: string | null;
  status: string;
  greeting: string | null;
  /** These three, and `result`, are JSON. */
  context_data: string;
  user_info: string;
  collected_data: string;
  result: string | null;
  timeout_ms: number;
  closes_at_ms: number;
  idle_timeout_ms: number | null;
  idle_at_ms: number | null;
  started_at_ms: number;
  ended_at_ms: number | null;
};

export type SessionMessagesTable = {
  id: Generated<number>;
  tenant_id: string;
  session_id: string;
  at_ms: number;
  role: string;
  text: string;
  feedback: string | null;
  source_id: string | null;
  /** Null: its own id. */
  read_up_to: number | null;
};

export type SessionAttachmentsTable = {
  serial: Generated<number>;
  id: string;
  session_id: string;
  message_id: number;
  name: string;
  content_type: string;
  size_bytes: number;
  path: string;
  text: string | null;
};

export type MemoriesTable = {
  serial: Generated<number>;
  tenant_id: string;
  agent_id: string;
  contact: string;
  call_id: string | null;
  session_id: string | null;
  /** Null: it is expected. */
  summary: string | null;
  /** JSON. */
  facts: string;
  at_ms: number;
};

export type ChatSessionTables = {
  memories: MemoriesTable;
  chat_sessions: ChatSessionsTable;
  session_messages: SessionMessagesTable;
  session_attachments: SessionAttachmentsTable;
  /** `body` is JSON. */
  session_notes: {
    serial: Generated<number>;
    session_id: string;
    after_message: number;
    kind: string;
    body: string;
    result: string | null;
  };
};
