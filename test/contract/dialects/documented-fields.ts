import type { DialectName } from '../../../src/domain/api-key.js';

/** What a document names: an endpoint, and the fields of what it takes and gives, without those in its path. */
export type Documented = { endpoint: string; takes?: string; gives?: string };

const AGENT = `workspaceId format timezone name avatar lang voice phone_number welcome_msg_flag welcome_msg welcome_msg_delay
  call_recording blocked_phone_types enable_voice_mail voice_mail_mode voice_mail_text machine_detection_timeout openai_model
  answer_creativity context_max_tokens speech_stop_sensitivity answer_length silence_message_delay silence_end_call
  utterance_detection transcribe_filler_words agent_type background goal tone instructions script_option script background_sound`;
/** Of all eight types. */
const ACTION = `actionType name instruction content subject forwardNumber webhook_url fields collectField target_email
  ghlCalendarId calendarPeriod google_title google_description google_duration`;
const SESSION = `session_id session_type mode conversation_id ext_type user_id name email phone channel_id timeout greeting_text
  inbound_phrase start_phrase language llm_backend show_thoughts conversation_result operator_id operator_name env_info
  current_date tenant_id kwargs close_time voice_name`;
const PAGE = 'total limit offset has_more';

export const DOCUMENTED: Readonly<Record<Exclude<DialectName, 'core'>, readonly Documented[]>> = {
  flametalk: [
    {
      endpoint: 'GET /v1/agents',
      takes: 'limit offset',
      gives: `success data id name description deployed_version version_label ${PAGE}`,
    },
    { endpoint: 'POST /v1/agents', takes: 'Idempotency-Key name instructions', gives: 'success data id name' },
    ...['calls', 'contacts', 'campaigns', 'channels', 'webhooks'].map((named) => ({ endpoint: `GET /v1/${named}` })),
  ],
  flametree: [
    {
      endpoint: 'POST /chatbot/{}/session',
      takes: 'user_id name email phone type args kwargs user_info',
      gives: SESSION,
    },
    { endpoint: 'GET /chatbot/{}/session/{}' },
    { endpoint: 'PUT /chatbot/{}/session/{}' },
    { endpoint: 'DELETE /chatbot/{}/session/{}', takes: 'status' },
    { endpoint: 'POST /chatbot/{}/session/{}/run_v2', takes: 'message attachments', gives: 'response metadata mode' },
    { endpoint: 'GET /chatbot/{}/capabilities', gives: 'has_stt has_tts' },
    { endpoint: 'POST /chatbot/{}/transcribe' },
    { endpoint: 'GET /chatbot/{}/synthesize', takes: 'text format voice_name' },
    { endpoint: 'GET /chatbot/{}/session/{}/synthesize', takes: 'text format voice_name' },
    {
      endpoint: 'GET /api/v1/public/conversations',
      takes: 'ext_id ext_type',
      gives:
        'user_id user_name conversations session_id bot_url bot_name bot_api_key start_time logs id timestamp role text attachments',
    },
    { endpoint: 'GET /api/v1/public/conversations/attachments/{}', takes: 'ext_id ext_type' },
    { endpoint: 'PATCH /api/v1/public/sessions/{}/logs/{}', takes: 'feedback ext_id tenant_id' },
  ],
  callfluent: [
    { endpoint: 'GET /api/agent/number-list/{}/{}', gives: 'status data agentNumMap number sid type' },
    { endpoint: 'POST /api/agent/create', takes: AGENT, gives: 'status data' },
    { endpoint: 'GET /api/agent/get-all/{}', gives: 'status data' },
    { endpoint: 'GET /api/agent/get-one/{}', gives: 'status data agent files totalCalls averageDuration' },
    { endpoint: 'DELETE /api/agent/delete/{}', gives: 'status data' },
    { endpoint: 'GET /api/agent/{}/calls', takes: 'page', gives: 'status data' },
    { endpoint: 'PUT /api/agent/update/{}', takes: `Payload ${AGENT}`, gives: 'status data' },
    { endpoint: 'PUT /api/agent/knowledge/{}', takes: 'files', gives: 'status data' },
    { endpoint: 'DELETE /api/agent/knowledge/{}', gives: 'status data' },
    { endpoint: 'DELETE /api/agent/delete-call/{}', gives: 'status data' },
    { endpoint: 'POST /api/agent/hangup-call', takes: 'callid', gives: 'status data' },
    { endpoint: 'PUT /api/agent/custom-field/{}', takes: 'data id name label', gives: 'status data' },
    { endpoint: 'DELETE /api/agent/remove-custom-fields/{}/{}', gives: 'status data' },
    { endpoint: 'POST /api/agent/create-action', takes: `payload agentId ${ACTION}`, gives: 'status data' },
    { endpoint: 'POST /api/agent/update-action/{}', takes: ACTION, gives: 'status data' },
    { endpoint: 'DELETE /api/agent/delete-action/{}', gives: 'status data' },
    {
      endpoint: 'PUT /api/agent/webhook-cors-origin/{}',
      takes: 'data has_webhook_cors_origin webhook_cors_origin',
      gives: 'status data',
    },
  ],
  overview: [
    ...['POST /calls', 'PUT /calls/{}/hangup', 'POST /calls/{}/respond', 'PUT /calls/{}/audio', 'PUT /calls/{}/route'],
    ...['POST /agents', 'PUT /agents/{}', 'POST /agents/{}/persona'],
  ].map((endpoint) => ({ endpoint })),
};

/** What is taken, or given as null, and does nothing. */
export const IDLE: Readonly<Record<Exclude<DialectName, 'core'>, readonly string[]>> = {
  flametalk: [],
  flametree: ['conversation_id', 'channel_id', 'inbound_phrase', 'start_phrase'],
  callfluent: ['avatar'],
  overview: [],
};
