// Generated from the OpenAPI document by `node test/client.mjs`. Not to be edited.

export interface paths {
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgents"];
        put?: never;
        post: operations["postAgents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsById"];
        put?: never;
        post?: never;
        delete: operations["deleteAgentsById"];
        options?: never;
        head?: never;
        patch: operations["patchAgentsById"];
        trace?: never;
    };
    "/api/v1/agents/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsByIdActions"];
        put?: never;
        post: operations["postAgentsByIdActions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/actions/{actionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsByIdActionsByActionId"];
        put?: never;
        post?: never;
        delete: operations["deleteAgentsByIdActionsByActionId"];
        options?: never;
        head?: never;
        patch: operations["patchAgentsByIdActionsByActionId"];
        trace?: never;
    };
    "/api/v1/agents/{id}/deploy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAgentsByIdDeploy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsByIdDocuments"];
        put?: never;
        post: operations["postAgentsByIdDocuments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/documents/{documentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsByIdDocumentsByDocumentId"];
        put?: never;
        post?: never;
        delete: operations["deleteAgentsByIdDocumentsByDocumentId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsByIdLatency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAgentsByIdVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAgentsByIdVersionsByVersionRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getApiKeys"];
        put?: never;
        post: operations["postApiKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["deleteApiKeysById"];
        options?: never;
        head?: never;
        patch: operations["patchApiKeysById"];
        trace?: never;
    };
    "/api/v1/api-keys/{id}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postApiKeysByIdRegenerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/accept-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAuthAcceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAuthChangePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAuthLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAuthLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAuthMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postAuthOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getBans"];
        put?: never;
        post: operations["postBans"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bans/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["deleteBansBySource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsById"];
        put?: never;
        post?: never;
        delete: operations["deleteCallsById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdAudio"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/dtmf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdDtmf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdEnd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/handoff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdHandoff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/inject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdInject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/instructions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["putCallsByIdInstructions"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/listen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdListen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["putCallsByIdMode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdMute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdParticipants"];
        put?: never;
        post: operations["postCallsByIdParticipants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/participants/{participantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["deleteCallsByIdParticipantsByParticipantId"];
        options?: never;
        head?: never;
        patch: operations["patchCallsByIdParticipantsByParticipantId"];
        trace?: never;
    };
    "/api/v1/calls/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdRecording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/recording/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdRecordingPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/recording/peaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdRecordingPeaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/recording/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdRecordingResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/recording/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdRecordingStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/say": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdSay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCallsByIdTranscript"];
        put?: never;
        post: operations["postCallsByIdTranscript"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdTransfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/transfer/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdTransferCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/transfer/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdTransferComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/unmute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCallsByIdUnmute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCampaigns"];
        put?: never;
        post: operations["postCampaigns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCampaignsById"];
        put?: never;
        post?: never;
        delete: operations["deleteCampaignsById"];
        options?: never;
        head?: never;
        patch: operations["patchCampaignsById"];
        trace?: never;
    };
    "/api/v1/campaigns/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCampaignsByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCampaignsByIdContacts"];
        put?: never;
        post: operations["postCampaignsByIdContacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/contacts/{contactId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["deleteCampaignsByIdContactsByContactId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/contacts/selection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCampaignsByIdContactsSelection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCampaignsByIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCampaignsByIdProgress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCampaignsByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/campaigns/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postCampaignsByIdStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getContacts"];
        put?: never;
        post: operations["postContacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getContactsById"];
        put?: never;
        post?: never;
        delete: operations["deleteContactsById"];
        options?: never;
        head?: never;
        patch: operations["patchContactsById"];
        trace?: never;
    };
    "/api/v1/contacts/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postContactsImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/do-not-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDoNotCall"];
        put?: never;
        post: operations["postDoNotCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/do-not-call/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDoNotCallByNumber"];
        put?: never;
        post?: never;
        delete: operations["deleteDoNotCallByNumber"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/memories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getMemories"];
        put?: never;
        post?: never;
        delete: operations["deleteMemories"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getOrganizations"];
        put?: never;
        post: operations["postOrganizations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getOrganizationsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["patchOrganizationsById"];
        trace?: never;
    };
    "/api/v1/phones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getPhones"];
        put?: never;
        post: operations["postPhones"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/phones/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getPhonesById"];
        put?: never;
        post?: never;
        delete: operations["deletePhonesById"];
        options?: never;
        head?: never;
        patch: operations["patchPhonesById"];
        trace?: never;
    };
    "/api/v1/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getRoutes"];
        put?: never;
        post: operations["postRoutes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getRoutesById"];
        put?: never;
        post?: never;
        delete: operations["deleteRoutesById"];
        options?: never;
        head?: never;
        patch: operations["patchRoutesById"];
        trace?: never;
    };
    "/api/v1/routes/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postRoutesTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getSessions"];
        put?: never;
        post: operations["postSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getSessionsById"];
        put?: never;
        post?: never;
        delete: operations["deleteSessionsById"];
        options?: never;
        head?: never;
        patch: operations["patchSessionsById"];
        trace?: never;
    };
    "/api/v1/sessions/{id}/attachments/{attachmentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getSessionsByIdAttachmentsByAttachmentId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postSessionsByIdClose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getSessionsByIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getSessionsByIdMessages"];
        put?: never;
        post: operations["postSessionsByIdMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/messages/{messageId}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["putSessionsByIdMessagesByMessageIdFeedback"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["putSessionsByIdMode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getSessionsByIdNotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/operator-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postSessionsByIdOperatorMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTasks"];
        put?: never;
        post: operations["postTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTasksById"];
        put?: never;
        post?: never;
        delete: operations["deleteTasksById"];
        options?: never;
        head?: never;
        patch: operations["patchTasksById"];
        trace?: never;
    };
    "/api/v1/tasks/{id}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postTasksByIdExecute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postTasksByIdReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTasksPolicy"];
        put: operations["putTasksPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTexts"];
        put?: never;
        post: operations["postTexts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/texts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTextsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/texts/threads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTextsThreads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTrunks"];
        put?: never;
        post: operations["postTrunks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTrunksById"];
        put?: never;
        post?: never;
        delete: operations["deleteTrunksById"];
        options?: never;
        head?: never;
        patch: operations["patchTrunksById"];
        trace?: never;
    };
    "/api/v1/trunks/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTrunksByIdStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["deleteUsersById"];
        options?: never;
        head?: never;
        patch: operations["patchUsersById"];
        trace?: never;
    };
    "/api/v1/users/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getUsersInvitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["deleteUsersInvitationsById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postUsersInvite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWebhooks"];
        put?: never;
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWebhooksById"];
        put?: never;
        post?: never;
        delete: operations["deleteWebhooksById"];
        options?: never;
        head?: never;
        patch: operations["patchWebhooksById"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postWebhooksByIdRotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postWebhooksByIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWebhooksDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWebhooksDeliveriesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postWebhooksDeliveriesByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWebhooksSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Action: {
            /** Format: uuid */
            agent_id: string;
            config: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            enabled: boolean;
            /** Format: uuid */
            id: string;
            instruction: string | null;
            name: string;
            pre_message: string | null;
            retries: number;
            secret_names: string[];
            timeout_ms: number;
            /** @enum {string} */
            type: "data_collection" | "webhook" | "http" | "send_email" | "email_push" | "sms" | "call_forwarding" | "collect_digits" | "ghl_calendar" | "google_calendar" | "mcp";
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        ActionCreate: components["schemas"]["ActionCreate_data_collection"] | components["schemas"]["ActionCreate_webhook"] | components["schemas"]["ActionCreate_http"] | components["schemas"]["ActionCreate_send_email"] | components["schemas"]["ActionCreate_email_push"] | components["schemas"]["ActionCreate_sms"] | components["schemas"]["ActionCreate_call_forwarding"] | components["schemas"]["ActionCreate_collect_digits"] | components["schemas"]["ActionCreate_ghl_calendar"] | components["schemas"]["ActionCreate_google_calendar"] | components["schemas"]["ActionCreate_mcp"];
        ActionCreate_call_forwarding: {
            config: {
                briefing?: string;
                /**
                 * @default blind
                 * @enum {string}
                 */
                kind?: "blind" | "attended";
                ring_timeout_s?: number;
                target: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "call_forwarding";
        };
        ActionCreate_collect_digits: {
            config: {
                field: string;
                /** @enum {string} */
                finish_key?: "#" | "*";
                /** @default 8000 */
                first_digit_timeout_ms?: number;
                /** @default 4000 */
                inter_digit_timeout_ms?: number;
                invalid_say?: string;
                /** @default false */
                masked?: boolean;
                max_length: number;
                min_length?: number;
                prompt: string;
                /** @default 1 */
                retries?: number;
                say?: string;
                send_to?: string;
                /**
                 * @default none
                 * @enum {string}
                 */
                validate?: "none" | "luhn";
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "collect_digits";
        };
        ActionCreate_data_collection: {
            config: {
                fields: {
                    country?: string;
                    label?: string;
                    name: string;
                    options?: string[];
                    /**
                     * @default text
                     * @enum {string}
                     */
                    type?: "text" | "name" | "spelled" | "email" | "phone" | "date" | "time" | "number" | "boolean";
                }[];
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "data_collection";
        };
        ActionCreate_email_push: {
            config: {
                fields?: string[];
                subject: string;
                /** Format: email */
                target_email: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "email_push";
        };
        ActionCreate_ghl_calendar: {
            config: {
                /**
                 * Format: uri
                 * @default https://services.leadconnectorhq.com
                 */
                base_url?: string;
                /** @default 1week */
                calendar_period?: string;
                ghl_calendar_id: string;
                title?: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ghl_calendar";
        };
        ActionCreate_google_calendar: {
            config: {
                /**
                 * @default [
                 *       1,
                 *       2,
                 *       3,
                 *       4,
                 *       5
                 *     ]
                 */
                available_days?: number[];
                /** @default 09:00 */
                available_from?: string;
                /** @default 17:00 */
                available_to?: string;
                /**
                 * Format: uri
                 * @default https://www.googleapis.com
                 */
                base_url?: string;
                /** @default 1week */
                calendar_period?: string;
                /** @default primary */
                google_calendar_id?: string;
                google_description?: string;
                /** @default 30 mins */
                google_duration?: string;
                google_title: string;
                /**
                 * Format: uri
                 * @default https://oauth2.googleapis.com/token
                 */
                token_url?: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "google_calendar";
        };
        ActionCreate_http: {
            config: {
                body?: {
                    [key: string]: unknown;
                } | unknown[];
                /** @default {} */
                headers?: {
                    [key: string]: string;
                };
                /** @default 65536 */
                max_response_bytes?: number;
                /**
                 * @default GET
                 * @enum {string}
                 */
                method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                /**
                 * @default {
                 *       "type": "object",
                 *       "properties": {}
                 *     }
                 */
                parameters?: {
                    [key: string]: unknown;
                };
                result_path?: string;
                url: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "http";
        };
        ActionCreate_mcp: {
            config: {
                /** @default {} */
                headers?: {
                    [key: string]: string;
                };
                tools?: string[];
                url: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "mcp";
        };
        ActionCreate_send_email: {
            config: {
                content: string;
                subject: string;
                to?: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "send_email";
        };
        ActionCreate_sms: {
            config: {
                content: string;
                request?: {
                    body?: {
                        [key: string]: unknown;
                    } | unknown[];
                    /** @default {} */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @default POST
                     * @enum {string}
                     */
                    method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                    url: string;
                };
                to?: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 0 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "sms";
        };
        ActionCreate_webhook: {
            config: {
                fields?: string[];
                url: string;
            };
            /** @default true */
            enabled?: boolean;
            instruction?: string | null;
            name: string;
            pre_message?: string | null;
            /** @default 2 */
            retries?: number;
            /** @default {} */
            secrets?: {
                [key: string]: string;
            };
            /** @default 10000 */
            timeout_ms?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "webhook";
        };
        ActionPatch: {
            config?: {
                [key: string]: unknown;
            };
            enabled?: boolean;
            instruction?: string | null;
            name?: string;
            pre_message?: string | null;
            retries?: number;
            secrets?: {
                [key: string]: string | null;
            };
            timeout_ms?: number;
        };
        Agent: {
            answer: {
                context_max_tokens?: number;
                creativity?: number;
                max_words?: number;
                model?: string;
            } | null;
            avatar: string | null;
            background_sound: string | null;
            blocked_phone_types: ("fixed_line" | "mobile" | "fixed_line_or_mobile" | "toll_free" | "premium_rate" | "shared_cost" | "voip" | "personal_number" | "pager" | "uan" | "voicemail")[] | null;
            call_recording: boolean | null;
            context_data: {
                [key: string]: string;
            } | null;
            /** Format: date-time */
            created_at: string;
            custom_fields: {
                id?: string;
                label: string;
                name: string;
                /**
                 * @default text
                 * @enum {string}
                 */
                type?: "text" | "number" | "boolean" | "email" | "phone" | "date" | "spelled";
            }[] | null;
            deployed_version: number;
            /** @enum {string} */
            deployment: "automatic" | "manual";
            description: string | null;
            do_not_call: {
                end_call?: boolean;
                phrases?: string[];
                say?: string;
            } | null;
            dtmf_rules: {
                [key: string]: {
                    /** @enum {string} */
                    action?: "do_not_call";
                    end_call?: boolean;
                    goto?: string;
                    intent?: string;
                    menu?: {
                        invalid_say?: string;
                        name?: string;
                        options: {
                            [key: string]: {
                                /** @enum {string} */
                                action?: "do_not_call";
                                end_call?: boolean;
                                goto?: string;
                                intent?: string;
                                menu?: {
                                    invalid_say?: string;
                                    name?: string;
                                    options: {
                                        [key: string]: {
                                            /** @enum {string} */
                                            action?: "do_not_call";
                                            end_call?: boolean;
                                            goto?: string;
                                            intent?: string;
                                            menu?: {
                                                invalid_say?: string;
                                                name?: string;
                                                options: {
                                                    [key: string]: {
                                                        /** @enum {string} */
                                                        action?: "do_not_call";
                                                        end_call?: boolean;
                                                        goto?: string;
                                                        intent?: string;
                                                        say?: string;
                                                        tool?: string;
                                                    };
                                                };
                                                prompt: string;
                                                retries?: number;
                                                timeout_ms?: number;
                                            };
                                            say?: string;
                                            tool?: string;
                                        };
                                    };
                                    prompt: string;
                                    retries?: number;
                                    timeout_ms?: number;
                                };
                                say?: string;
                                tool?: string;
                            };
                        };
                        prompt: string;
                        retries?: number;
                        timeout_ms?: number;
                    };
                    say?: string;
                    tool?: string;
                };
            };
            enabled: boolean;
            extraction_schema: {
                [key: string]: unknown;
            } | null;
            /** Format: uuid */
            id: string;
            knowledge: string | null;
            language: string;
            limits: {
                max_cost?: number;
            } | null;
            line: {
                /** @enum {string} */
                direction: "inbound" | "outbound";
                number?: string;
            } | null;
            memory: {
                enabled?: boolean;
                max_facts?: number;
            } | null;
            name: string;
            /** @enum {string|null} */
            noise_suppression: "on" | "off" | null;
            persona: {
                background?: string;
                goal?: string;
                instructions?: string;
                script?: string;
                script_enabled?: boolean;
                tone?: string;
                type?: string;
            } | null;
            providers: {
                llm?: string;
                realtime?: string;
                stt?: string;
                tts?: string;
            };
            script: {
                fallback: string;
                intents: {
                    arguments?: {
                        [key: string]: unknown;
                    };
                    /** @default false */
                    end_call?: boolean;
                    expect?: {
                        choices: string[];
                        count: number;
                        /** @enum {string} */
                        kind: "digits" | "yes_no" | "name" | "email" | "date" | "choice";
                    };
                    failure_reply?: string;
                    name: string;
                    phrases: string[];
                    reply: string;
                    tool?: string;
                }[];
            } | null;
            sessions: {
                answer_texts?: boolean;
                daily_limit?: number;
                idle_timeout_ms?: number;
                timeout_ms?: number;
            } | null;
            sip_user: string | null;
            starting_message: string | null;
            system_prompt: string;
            timezone: string | null;
            turn_taking: {
                end_of_utterance_ms?: number;
                idle_end_after_ms?: number;
                idle_message?: string;
                idle_message_after_ms?: number;
                interrupt_after_words?: number;
                transcribe_fillers?: boolean;
                uninterruptible_welcome?: boolean;
            } | null;
            /** Format: date-time */
            updated_at: string;
            version: number;
            voice_settings: {
                similarity_boost?: number;
                speed?: number;
                stability?: number;
                style?: number;
                use_speaker_boost?: boolean;
                voice?: string;
            } & {
                [key: string]: unknown;
            };
            voicemail: {
                detection_timeout_ms?: number;
                enabled?: boolean;
                /** @enum {string} */
                mode?: "message" | "hangup";
                text?: string;
            } | null;
            web_origins: {
                enforced: boolean;
                origins: string[];
            } | null;
            welcome: {
                delay_ms?: number;
                enabled?: boolean;
            } | null;
        };
        AgentCreate: {
            answer?: {
                context_max_tokens?: number;
                creativity?: number;
                max_words?: number;
                model?: string;
            } | null;
            avatar?: string | null;
            background_sound?: string | null;
            blocked_phone_types?: ("fixed_line" | "mobile" | "fixed_line_or_mobile" | "toll_free" | "premium_rate" | "shared_cost" | "voip" | "personal_number" | "pager" | "uan" | "voicemail")[] | null;
            call_recording?: boolean | null;
            context_data?: {
                [key: string]: string;
            } | null;
            custom_fields?: {
                id?: string;
                label: string;
                name: string;
                /**
                 * @default text
                 * @enum {string}
                 */
                type?: "text" | "number" | "boolean" | "email" | "phone" | "date" | "spelled";
            }[] | null;
            /**
             * @default automatic
             * @enum {string}
             */
            deployment?: "automatic" | "manual";
            description?: string | null;
            do_not_call?: {
                end_call?: boolean;
                phrases?: string[];
                say?: string;
            } | null;
            /** @default {} */
            dtmf_rules?: {
                [key: string]: {
                    /** @enum {string} */
                    action?: "do_not_call";
                    end_call?: boolean;
                    goto?: string;
                    intent?: string;
                    menu?: {
                        invalid_say?: string;
                        name?: string;
                        options: {
                            [key: string]: {
                                /** @enum {string} */
                                action?: "do_not_call";
                                end_call?: boolean;
                                goto?: string;
                                intent?: string;
                                menu?: {
                                    invalid_say?: string;
                                    name?: string;
                                    options: {
                                        [key: string]: {
                                            /** @enum {string} */
                                            action?: "do_not_call";
                                            end_call?: boolean;
                                            goto?: string;
                                            intent?: string;
                                            menu?: {
                                                invalid_say?: string;
                                                name?: string;
                                                options: {
                                                    [key: string]: {
                                                        /** @enum {string} */
                                                        action?: "do_not_call";
                                                        end_call?: boolean;
                                                        goto?: string;
                                                        intent?: string;
                                                        say?: string;
                                                        tool?: string;
                                                    };
                                                };
                                                prompt: string;
                                                retries?: number;
                                                timeout_ms?: number;
                                            };
                                            say?: string;
                                            tool?: string;
                                        };
                                    };
                                    prompt: string;
                                    retries?: number;
                                    timeout_ms?: number;
                                };
                                say?: string;
                                tool?: string;
                            };
                        };
                        prompt: string;
                        retries?: number;
                        timeout_ms?: number;
                    };
                    say?: string;
                    tool?: string;
                };
            };
            /** @default true */
            enabled?: boolean;
            extraction_schema?: {
                [key: string]: unknown;
            } | null;
            knowledge?: string | null;
            /** @default en-US */
            language?: string;
            limits?: {
                max_cost?: number;
            } | null;
            line?: {
                /** @enum {string} */
                direction: "inbound" | "outbound";
                number?: string;
            } | null;
            memory?: {
                enabled?: boolean;
                max_facts?: number;
            } | null;
            name: string;
            /** @enum {string|null} */
            noise_suppression?: "on" | "off" | null;
            persona?: {
                background?: string;
                goal?: string;
                instructions?: string;
                script?: string;
                script_enabled?: boolean;
                tone?: string;
                type?: string;
            } | null;
            /** @default {} */
            providers?: {
                llm?: string;
                realtime?: string;
                stt?: string;
                tts?: string;
            };
            script?: {
                fallback: string;
                intents: {
                    arguments?: {
                        [key: string]: unknown;
                    };
                    /** @default false */
                    end_call?: boolean;
                    expect?: {
                        choices: string[];
                        count: number;
                        /** @enum {string} */
                        kind: "digits" | "yes_no" | "name" | "email" | "date" | "choice";
                    };
                    failure_reply?: string;
                    name: string;
                    phrases: string[];
                    reply: string;
                    tool?: string;
                }[];
            } | null;
            sessions?: {
                answer_texts?: boolean;
                daily_limit?: number;
                idle_timeout_ms?: number;
                timeout_ms?: number;
            } | null;
            sip_user?: string;
            starting_message?: string | null;
            system_prompt: string;
            timezone?: string | null;
            turn_taking?: {
                end_of_utterance_ms?: number;
                idle_end_after_ms?: number;
                idle_message?: string;
                idle_message_after_ms?: number;
                interrupt_after_words?: number;
                transcribe_fillers?: boolean;
                uninterruptible_welcome?: boolean;
            } | null;
            /** @default {} */
            voice_settings?: {
                similarity_boost?: number;
                speed?: number;
                stability?: number;
                style?: number;
                use_speaker_boost?: boolean;
                voice?: string;
            } & {
                [key: string]: unknown;
            };
            voicemail?: {
                detection_timeout_ms?: number;
                enabled?: boolean;
                /** @enum {string} */
                mode?: "message" | "hangup";
                text?: string;
            } | null;
            web_origins?: {
                enforced: boolean;
                origins: string[];
            } | null;
            welcome?: {
                delay_ms?: number;
                enabled?: boolean;
            } | null;
        };
        AgentDeploy: {
            label?: string;
            version?: number;
        };
        AgentLatency: {
            /** Format: uuid */
            agent_id: string;
            barge_in: components["schemas"]["LatencySpread"] | null;
            providers: components["schemas"]["ProviderWait"][];
            /** Format: date-time */
            since: string | null;
            stages: {
                endpoint: components["schemas"]["LatencySpread"] | null;
                first_audio: components["schemas"]["LatencySpread"] | null;
                first_clause: components["schemas"]["LatencySpread"] | null;
                first_packet: components["schemas"]["LatencySpread"] | null;
                first_text: components["schemas"]["LatencySpread"] | null;
                stt_final: components["schemas"]["LatencySpread"] | null;
                vad_end: components["schemas"]["LatencySpread"] | null;
            };
            turns: number;
        };
        AgentPatch: {
            answer?: {
                context_max_tokens?: number;
                creativity?: number;
                max_words?: number;
                model?: string;
            } | null;
            avatar?: string | null;
            background_sound?: string | null;
            blocked_phone_types?: ("fixed_line" | "mobile" | "fixed_line_or_mobile" | "toll_free" | "premium_rate" | "shared_cost" | "voip" | "personal_number" | "pager" | "uan" | "voicemail")[] | null;
            call_recording?: boolean | null;
            context_data?: {
                [key: string]: string;
            } | null;
            custom_fields?: {
                id?: string;
                label: string;
                name: string;
                /**
                 * @default text
                 * @enum {string}
                 */
                type?: "text" | "number" | "boolean" | "email" | "phone" | "date" | "spelled";
            }[] | null;
            /** @enum {string} */
            deployment?: "automatic" | "manual";
            description?: string | null;
            do_not_call?: {
                end_call?: boolean;
                phrases?: string[];
                say?: string;
            } | null;
            dtmf_rules?: {
                [key: string]: {
                    /** @enum {string} */
                    action?: "do_not_call";
                    end_call?: boolean;
                    goto?: string;
                    intent?: string;
                    menu?: {
                        invalid_say?: string;
                        name?: string;
                        options: {
                            [key: string]: {
                                /** @enum {string} */
                                action?: "do_not_call";
                                end_call?: boolean;
                                goto?: string;
                                intent?: string;
                                menu?: {
                                    invalid_say?: string;
                                    name?: string;
                                    options: {
                                        [key: string]: {
                                            /** @enum {string} */
                                            action?: "do_not_call";
                                            end_call?: boolean;
                                            goto?: string;
                                            intent?: string;
                                            menu?: {
                                                invalid_say?: string;
                                                name?: string;
                                                options: {
                                                    [key: string]: {
                                                        /** @enum {string} */
                                                        action?: "do_not_call";
                                                        end_call?: boolean;
                                                        goto?: string;
                                                        intent?: string;
                                                        say?: string;
                                                        tool?: string;
                                                    };
                                                };
                                                prompt: string;
                                                retries?: number;
                                                timeout_ms?: number;
                                            };
                                            say?: string;
                                            tool?: string;
                                        };
                                    };
                                    prompt: string;
                                    retries?: number;
                                    timeout_ms?: number;
                                };
                                say?: string;
                                tool?: string;
                            };
                        };
                        prompt: string;
                        retries?: number;
                        timeout_ms?: number;
                    };
                    say?: string;
                    tool?: string;
                };
            };
            enabled?: boolean;
            extraction_schema?: {
                [key: string]: unknown;
            } | null;
            knowledge?: string | null;
            language?: string;
            limits?: {
                max_cost?: number;
            } | null;
            line?: {
                /** @enum {string} */
                direction: "inbound" | "outbound";
                number?: string;
            } | null;
            memory?: {
                enabled?: boolean;
                max_facts?: number;
            } | null;
            name?: string;
            /** @enum {string|null} */
            noise_suppression?: "on" | "off" | null;
            persona?: {
                background?: string;
                goal?: string;
                instructions?: string;
                script?: string;
                script_enabled?: boolean;
                tone?: string;
                type?: string;
            } | null;
            providers?: {
                llm?: string;
                realtime?: string;
                stt?: string;
                tts?: string;
            };
            script?: {
                fallback: string;
                intents: {
                    arguments?: {
                        [key: string]: unknown;
                    };
                    /** @default false */
                    end_call?: boolean;
                    expect?: {
                        choices: string[];
                        count: number;
                        /** @enum {string} */
                        kind: "digits" | "yes_no" | "name" | "email" | "date" | "choice";
                    };
                    failure_reply?: string;
                    name: string;
                    phrases: string[];
                    reply: string;
                    tool?: string;
                }[];
            } | null;
            sessions?: {
                answer_texts?: boolean;
                daily_limit?: number;
                idle_timeout_ms?: number;
                timeout_ms?: number;
            } | null;
            sip_user?: string;
            starting_message?: string | null;
            system_prompt?: string;
            timezone?: string | null;
            turn_taking?: {
                end_of_utterance_ms?: number;
                idle_end_after_ms?: number;
                idle_message?: string;
                idle_message_after_ms?: number;
                interrupt_after_words?: number;
                transcribe_fillers?: boolean;
                uninterruptible_welcome?: boolean;
            } | null;
            voice_settings?: {
                similarity_boost?: number;
                speed?: number;
                stability?: number;
                style?: number;
                use_speaker_boost?: boolean;
                voice?: string;
            } & {
                [key: string]: unknown;
            };
            voicemail?: {
                detection_timeout_ms?: number;
                enabled?: boolean;
                /** @enum {string} */
                mode?: "message" | "hangup";
                text?: string;
            } | null;
            web_origins?: {
                enforced: boolean;
                origins: string[];
            } | null;
            welcome?: {
                delay_ms?: number;
                enabled?: boolean;
            } | null;
        };
        AgentVersion: {
            /** Format: date-time */
            created_at: string;
            deployed_at: string | null;
            label: string | null;
            live: boolean;
            name: string;
            version: number;
        };
        AnsweredBy: {
            after_ms: number;
            /** @enum {string} */
            reason: "short_greeting" | "long_greeting" | "words" | "early_words" | "beep" | "fax_tone" | "spoke_over_message" | "time_over" | "call_over";
            /** @enum {string} */
            verdict: "human" | "machine" | "ivr" | "fax" | "silence" | "unknown";
        };
        ApiKey: {
            /** Format: uuid */
            agent_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            dialect: "core" | "flametalk" | "flametree" | "callfluent" | "overview";
            /** Format: date-time */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            limits: {
                allowed_prefixes?: string[];
                calls_per_day?: number;
                calls_per_hour?: number;
                denied_prefixes?: string[];
            } | null;
            name: string;
            prefix: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: ("agents:read" | "agents:write" | "calls:read" | "calls:write" | "tasks:read" | "tasks:write" | "campaigns:read" | "campaigns:write" | "contacts:read" | "contacts:write" | "do-not-call:read" | "do-not-call:write" | "trunks:read" | "trunks:write" | "routes:read" | "routes:write" | "phones:read" | "phones:write" | "webhooks:read" | "webhooks:write" | "bans:read" | "bans:write" | "texts:read" | "texts:write" | "sessions:read" | "sessions:write" | "memories:read" | "memories:write")[] | null;
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
        };
        ApiKeyCreate: {
            /** Format: uuid */
            agent_id?: string | null;
            /**
             * @default core
             * @enum {string}
             */
            dialect?: "core" | "flametalk" | "flametree" | "callfluent" | "overview";
            /** Format: date-time */
            expires_at?: string | null;
            limits?: {
                allowed_prefixes?: string[];
                calls_per_day?: number;
                calls_per_hour?: number;
                denied_prefixes?: string[];
            } | null;
            name: string;
            scopes?: ("agents:read" | "agents:write" | "calls:read" | "calls:write" | "tasks:read" | "tasks:write" | "campaigns:read" | "campaigns:write" | "contacts:read" | "contacts:write" | "do-not-call:read" | "do-not-call:write" | "trunks:read" | "trunks:write" | "routes:read" | "routes:write" | "phones:read" | "phones:write" | "webhooks:read" | "webhooks:write" | "bans:read" | "bans:write" | "texts:read" | "texts:write" | "sessions:read" | "sessions:write" | "memories:read" | "memories:write")[] | null;
        };
        ApiKeyPatch: {
            limits: {
                allowed_prefixes?: string[];
                calls_per_day?: number;
                calls_per_hour?: number;
                denied_prefixes?: string[];
            } | null;
        };
        /** @default {} */
        ApiKeyRegenerate: {
            /** Format: date-time */
            expires_at?: string | null;
        };
        Ban: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** @enum {string} */
            reason: "authentication" | "unknown_user" | "unknown_source" | "malformed" | "scanner" | "operator";
            source: string;
            times: number;
        };
        BanCreate: {
            /** @default 86400 */
            duration_seconds?: number;
            source: string;
        };
        Call: {
            /** Format: uuid */
            agent_id: string | null;
            agent_name: string;
            agent_version: number | null;
            /** Format: date-time */
            answered_at: string | null;
            answered_by: components["schemas"]["AnsweredBy"] | null;
            /** Format: uuid */
            api_key_id: string | null;
            attempts: components["schemas"]["CallAttempt"][];
            audio_fault: {
                /** Format: date-time */
                healed_at: string | null;
                /** @enum {string} */
                missing: "inbound" | "outbound" | "both";
                /** Format: date-time */
                since: string;
            } | null;
            codec: string | null;
            collected_data: {
                [key: string]: string | number | boolean;
            };
            cost: number | null;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            diversion_reason: string | null;
            diversions: {
                reason: string | null;
                uri: string;
            }[];
            diverted_from: string | null;
            duration_seconds: number | null;
            end_reason: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /** @enum {string|null} */
            ended_by: "caller" | "callee" | "agent" | "operator" | "network" | "system" | null;
            from_uri: string;
            guidance: {
                instructions: string | null;
                /** @enum {string} */
                mode: "regular" | "copilot" | "operator";
                muted: boolean;
                operator: string | null;
            };
            handoffs: components["schemas"]["Handoff"][];
            heard_tones: components["schemas"]["HeardTone"][];
            /** Format: uuid */
            id: string;
            legs: components["schemas"]["CallLeg"][];
            media_stats: {
                [key: string]: number;
            } | null;
            /** @enum {string|null} */
            outcome: "answered" | "busy" | "no_answer" | "rejected" | "cancelled" | "failed" | null;
            participants: components["schemas"]["Participant"][];
            provider_failures: components["schemas"]["ProviderFailure"][];
            provider_usage: components["schemas"]["ProviderUsage"][];
            q850_cause: number | null;
            quality: {
                /** @enum {string} */
                codec: "PCMU" | "PCMA" | "G722" | "opus";
                far_end: {
                    burst_loss_percent: number;
                    burst_ms: number;
                    discard_percent: number;
                    end_system_delay_ms: number;
                    gap_loss_percent: number;
                    gap_ms: number;
                    loss_percent: number;
                    mos_conversation: number | null;
                    mos_listening: number | null;
                    noise_level_dbm: number | null;
                    r_factor: number | null;
                    round_trip_ms: number;
                    signal_level_dbm: number | null;
                } | null;
                inbound: {
                    bpl: number;
                    burst_ratio: number;
                    delay_ms: number;
                    ie: number;
                    jitter_ms: number;
                    loss_percent: number;
                    lost: number;
                    mos: number;
                    packets: number;
                    r_factor: number;
                } | null;
                mos: number | null;
                outbound: {
                    bpl: number;
                    burst_ratio: number;
                    delay_ms: number;
                    ie: number;
                    jitter_ms: number;
                    loss_percent: number;
                    lost: number;
                    mos: number;
                    packets: number;
                    r_factor: number;
                } | null;
                round_trip_max_ms: number | null;
                round_trip_ms: number | null;
            } | null;
            recording_available: boolean;
            recording_pauses: components["schemas"]["RecordingPause"][];
            /** @enum {string|null} */
            result: "success" | "client_error" | "upstream_error" | "server_error" | "indeterminate" | null;
            sip_call_id: string;
            sip_code: number | null;
            sip_reason: string | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "initiated" | "in_progress" | "completed" | "failed";
            /** Format: uuid */
            task_id: string | null;
            timings: {
                answer_ms: number | null;
                duration_ms: number | null;
                pdd_ms: number | null;
                ring_ms: number | null;
                talk_ms: number | null;
            };
            to_uri: string;
            transfer: {
                /** Format: date-time */
                answered_at: string | null;
                /** @enum {string} */
                by: "operator" | "agent" | "far_end" | "route";
                /** Format: date-time */
                ended_at: string | null;
                /** @enum {string} */
                kind: "blind" | "attended";
                /** @enum {string} */
                method: "refer" | "bridge" | "replaces";
                /** @enum {string|null} */
                reason: "busy" | "no_answer" | "declined" | "no_such_number" | "no_common_codec" | "failed" | "refused" | "not_allowed" | "cancelled" | "hung_up" | null;
                sip_code: number | null;
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                status: "pending" | "consulting" | "completed" | "failed" | "cancelled";
                target: string;
            } | null;
            variables: {
                [key: string]: string;
            };
        };
        CallAttempt: {
            /** Format: date-time */
            invited_at: string;
            redirected: boolean;
            /** Format: date-time */
            ringing_at: string | null;
            sip_code: number | null;
            sip_reason: string | null;
            trunk: string | null;
            uri: string;
        };
        CallDetail: {
            /** Format: uuid */
            agent_id: string | null;
            agent_name: string;
            agent_version: number | null;
            /** Format: date-time */
            answered_at: string | null;
            answered_by: components["schemas"]["AnsweredBy"] | null;
            /** Format: uuid */
            api_key_id: string | null;
            attempts: components["schemas"]["CallAttempt"][];
            audio_fault: {
                /** Format: date-time */
                healed_at: string | null;
                /** @enum {string} */
                missing: "inbound" | "outbound" | "both";
                /** Format: date-time */
                since: string;
            } | null;
            codec: string | null;
            collected_data: {
                [key: string]: string | number | boolean;
            };
            cost: number | null;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            diversion_reason: string | null;
            diversions: {
                reason: string | null;
                uri: string;
            }[];
            diverted_from: string | null;
            duration_seconds: number | null;
            end_reason: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /** @enum {string|null} */
            ended_by: "caller" | "callee" | "agent" | "operator" | "network" | "system" | null;
            from_uri: string;
            guidance: {
                instructions: string | null;
                /** @enum {string} */
                mode: "regular" | "copilot" | "operator";
                muted: boolean;
                operator: string | null;
            };
            handoffs: components["schemas"]["Handoff"][];
            heard_tones: components["schemas"]["HeardTone"][];
            /** Format: uuid */
            id: string;
            legs: components["schemas"]["CallLeg"][];
            media_stats: {
                [key: string]: number;
            } | null;
            /** @enum {string|null} */
            outcome: "answered" | "busy" | "no_answer" | "rejected" | "cancelled" | "failed" | null;
            participants: components["schemas"]["Participant"][];
            provider_failures: components["schemas"]["ProviderFailure"][];
            provider_usage: components["schemas"]["ProviderUsage"][];
            q850_cause: number | null;
            quality: {
                /** @enum {string} */
                codec: "PCMU" | "PCMA" | "G722" | "opus";
                far_end: {
                    burst_loss_percent: number;
                    burst_ms: number;
                    discard_percent: number;
                    end_system_delay_ms: number;
                    gap_loss_percent: number;
                    gap_ms: number;
                    loss_percent: number;
                    mos_conversation: number | null;
                    mos_listening: number | null;
                    noise_level_dbm: number | null;
                    r_factor: number | null;
                    round_trip_ms: number;
                    signal_level_dbm: number | null;
                } | null;
                inbound: {
                    bpl: number;
                    burst_ratio: number;
                    delay_ms: number;
                    ie: number;
                    jitter_ms: number;
                    loss_percent: number;
                    lost: number;
                    mos: number;
                    packets: number;
                    r_factor: number;
                } | null;
                mos: number | null;
                outbound: {
                    bpl: number;
                    burst_ratio: number;
                    delay_ms: number;
                    ie: number;
                    jitter_ms: number;
                    loss_percent: number;
                    lost: number;
                    mos: number;
                    packets: number;
                    r_factor: number;
                } | null;
                round_trip_max_ms: number | null;
                round_trip_ms: number | null;
            } | null;
            recording_available: boolean;
            recording_pauses: components["schemas"]["RecordingPause"][];
            report: {
                action_items: string[];
                /** Format: uuid */
                call_id: string;
                /** Format: date-time */
                created_at: string;
                extracted_data: {
                    [key: string]: string | number | boolean | null | string[];
                };
                extraction: {
                    attempts: number;
                    data: {
                        [key: string]: unknown;
                    } | null;
                    faults: string[];
                    valid: boolean;
                } | null;
                generated_by: string;
                key_points: string[];
                model: string | null;
                /** @enum {string} */
                outcome: "resolved" | "unresolved" | "callback_wanted" | "voicemail" | "no_conversation" | "not_answered" | "unknown";
                /** @enum {string|null} */
                sentiment: "positive" | "neutral" | "negative" | null;
                statistics: {
                    agent_speech_ms: number;
                    agent_utterances: number;
                    caller_speech_ms: number;
                    caller_utterances: number;
                    duration_ms: number;
                    interruptions: number;
                };
                summary: string;
                topics: string[];
            } | null;
            /** @enum {string|null} */
            result: "success" | "client_error" | "upstream_error" | "server_error" | "indeterminate" | null;
            sip_call_id: string;
            sip_code: number | null;
            sip_reason: string | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "initiated" | "in_progress" | "completed" | "failed";
            /** Format: uuid */
            task_id: string | null;
            timings: {
                answer_ms: number | null;
                duration_ms: number | null;
                pdd_ms: number | null;
                ring_ms: number | null;
                talk_ms: number | null;
            };
            to_uri: string;
            tool_runs: components["schemas"]["ToolRun"][];
            transcript: components["schemas"]["TranscriptEntry"][];
            /** @enum {string} */
            transcript_source: "live" | "recording";
            transfer: {
                /** Format: date-time */
                answered_at: string | null;
                /** @enum {string} */
                by: "operator" | "agent" | "far_end" | "route";
                /** Format: date-time */
                ended_at: string | null;
                /** @enum {string} */
                kind: "blind" | "attended";
                /** @enum {string} */
                method: "refer" | "bridge" | "replaces";
                /** @enum {string|null} */
                reason: "busy" | "no_answer" | "declined" | "no_such_number" | "no_common_codec" | "failed" | "refused" | "not_allowed" | "cancelled" | "hung_up" | null;
                sip_code: number | null;
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                status: "pending" | "consulting" | "completed" | "failed" | "cancelled";
                target: string;
            } | null;
            turns: components["schemas"]["Turn"][];
            variables: {
                [key: string]: string;
            };
        };
        CallHours: {
            /**
             * @default [
             *       "mon",
             *       "tue",
             *       "wed",
             *       "thu",
             *       "fri",
             *       "sat",
             *       "sun"
             *     ]
             */
            days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
            from: string;
            to: string;
        } | null;
        CallLeg: {
            /** Format: date-time */
            answered_at: string | null;
            codec: string | null;
            /** Format: date-time */
            ended_at: string | null;
            from_uri: string;
            /** @enum {string} */
            leg: "a" | "b" | "c";
            media_peer: string | null;
            sip_call_id: string;
            sip_peer: string | null;
            /** @enum {string|null} */
            srtp: "AEAD_AES_256_GCM" | "AEAD_AES_128_GCM" | "AES_256_CM_HMAC_SHA1_80" | "AES_CM_128_HMAC_SHA1_80" | "AES_CM_128_HMAC_SHA1_32" | null;
            to_uri: string;
            trunk: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
        };
        CallLimits: {
            allowed_prefixes?: string[];
            calls_per_day?: number;
            calls_per_hour?: number;
            denied_prefixes?: string[];
        } | null;
        CallMode: {
            /** @enum {string} */
            mode: "regular" | "copilot" | "operator";
            operator?: string;
        };
        CallWindow: {
            days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
            from?: string;
            timezone?: string;
            to?: string;
        } | null;
        Campaign: {
            /** Format: uuid */
            agent_id: string;
            /** Format: uuid */
            api_key_id: string | null;
            call_window: components["schemas"]["CallWindow"];
            /** Format: date-time */
            created_at: string;
            description: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /** Format: uuid */
            id: string;
            max_concurrent: number | null;
            name: string;
            priority: number;
            retry: components["schemas"]["Retry"];
            /** Format: date-time */
            started_at: string | null;
            starting_message: string | null;
            /** Format: date-time */
            starts_at: string | null;
            /** @enum {string} */
            status: "draft" | "scheduled" | "running" | "paused" | "completed" | "cancelled";
            /** Format: date-time */
            updated_at: string;
            webhook_events: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url: string | null;
        };
        CampaignContact: {
            /** Format: uuid */
            call_id: string | null;
            calls: number;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            name: string | null;
            number: string;
            outcome: string | null;
            /** @enum {string} */
            status: "pending" | "queued" | "in_progress" | "completed" | "failed" | "cancelled";
            talk_ms: number;
            /** Format: uuid */
            task_id: string | null;
            /** Format: date-time */
            updated_at: string;
            variables: {
                [key: string]: unknown;
            };
        };
        CampaignContactCreate: {
            name?: string | null;
            number: string;
            variables?: {
                [key: string]: unknown;
            } | null;
        };
        CampaignContactsAdded: {
            added: number;
            rejected: number;
            rejections: {
                at: string;
                message: string;
                number: string | null;
                /** @enum {string} */
                reason: "invalid" | "duplicate" | "already_a_contact" | "do_not_call" | "number_not_allowed";
            }[];
        };
        CampaignContactsCreate: {
            contacts: components["schemas"]["CampaignContactCreate"][];
        };
        CampaignCreate: {
            /** Format: uuid */
            agent_id: string;
            call_window?: components["schemas"]["CallWindow"];
            description?: string | null;
            max_concurrent?: number | null;
            name: string;
            /** @default 0 */
            priority?: number;
            retry?: components["schemas"]["Retry"];
            starting_message?: string | null;
            webhook_events?: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url?: string | null;
        };
        CampaignPatch: {
            /** Format: uuid */
            agent_id?: string;
            call_window?: components["schemas"]["CallWindow"];
            description?: string | null;
            max_concurrent?: number | null;
            name?: string;
            priority?: number;
            retry?: components["schemas"]["Retry"];
            starting_message?: string | null;
            webhook_events?: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url?: string | null;
        };
        CampaignProgress: {
            answered_calls: number;
            average_talk_ms: number | null;
            by_outcome: {
                [key: string]: number;
            };
            by_status: {
                cancelled: number;
                completed: number;
                failed: number;
                in_progress: number;
                pending: number;
                queued: number;
            };
            calls: number;
            contacts: number;
        };
        CampaignStart: {
            /** Format: date-time */
            starts_at?: string | null;
        };
        Contact: {
            /** Format: date-time */
            created_at: string;
            custom_fields: {
                [key: string]: string | number | boolean | null;
            };
            do_not_call: boolean;
            email: string | null;
            /** Format: uuid */
            id: string;
            name: string | null;
            phone: string;
            tags: string[];
            /** Format: date-time */
            updated_at: string;
        };
        ContactCreate: {
            /** @default {} */
            custom_fields?: {
                [key: string]: string | number | boolean | null;
            };
            /** @default false */
            do_not_call?: boolean;
            /** Format: email */
            email?: string | null;
            name?: string | null;
            phone: string;
            tags?: string[];
        };
        ContactPatch: {
            custom_fields?: {
                [key: string]: string | number | boolean | null;
            };
            do_not_call?: boolean;
            /** Format: email */
            email?: string | null;
            name?: string | null;
            phone?: string;
            tags?: string[];
        };
        ContactSelection: {
            contact_filter?: {
                search?: string;
                tag?: string;
            };
            contact_ids?: string[];
        };
        ContactsImport: {
            contacts: components["schemas"]["ContactCreate"][];
        };
        ContactsImported: {
            created: number;
            rejected: number;
            rejections: {
                at: string;
                message: string;
                phone: string | null;
                /** @enum {string} */
                reason: "invalid" | "duplicate" | "already_a_contact";
            }[];
            updated: number;
        };
        ContactsRecruited: {
            added: number;
            skipped: number;
            skips: {
                /** Format: uuid */
                contact_id: string;
                number: string;
                /** @enum {string} */
                reason: "duplicate" | "already_a_contact" | "do_not_call" | "number_not_allowed";
            }[];
        };
        CursorPageMeta: {
            limit: number;
            next_cursor: string | null;
            offset: number | null;
            request_id: string;
            /** Format: date-time */
            timestamp: string;
            total: number | null;
        };
        Digits: {
            digits: string;
        };
        Document: {
            /** Format: uuid */
            agent_id: string;
            chunks: number;
            /** Format: date-time */
            created_at: string;
            embedding_model: string | null;
            failure: ("unreadable" | "encrypted" | "no_text" | "too_many_pages" | "too_much_text" | "too_many_chunks" | "timeout" | "file_missing") | null;
            /** Format: uuid */
            id: string;
            name: string;
            pages: number | null;
            size_bytes: number;
            /** @enum {string} */
            state: "processing" | "ready" | "failed";
            /** @enum {string} */
            type: "pdf" | "docx" | "html" | "markdown" | "text" | "csv";
            /** Format: date-time */
            updated_at: string;
        };
        DocumentUpload: {
            /** Format: binary */
            file: string;
        };
        DoNotCallCreate: {
            /** Format: date-time */
            expires_at?: string | null;
            number: string;
            reason?: string | null;
        };
        DoNotCallCreateMany: {
            entries: components["schemas"]["DoNotCallCreate"][];
        };
        DoNotCallEntry: {
            /** Format: uuid */
            call_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            number: string;
            reason: string | null;
            /** @enum {string} */
            source: "api" | "csv" | "caller_voice" | "caller_dtmf" | "import";
        };
        DoNotCallImported: {
            added: number;
            already_listed: number;
        };
        EndedCall: {
            /** Format: uuid */
            agent_id: string | null;
            agent_name: string;
            agent_version: number | null;
            /** Format: date-time */
            answered_at: string | null;
            answered_by: components["schemas"]["AnsweredBy"] | null;
            /** Format: uuid */
            api_key_id: string | null;
            attempts: components["schemas"]["CallAttempt"][];
            audio_fault: {
                /** Format: date-time */
                healed_at: string | null;
                /** @enum {string} */
                missing: "inbound" | "outbound" | "both";
                /** Format: date-time */
                since: string;
            } | null;
            /** Format: uuid */
            call_id: string;
            codec: string | null;
            collected_data: {
                [key: string]: string | number | boolean;
            };
            cost: number | null;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            diversion_reason: string | null;
            diversions: {
                reason: string | null;
                uri: string;
            }[];
            diverted_from: string | null;
            duration_seconds: number | null;
            end_reason: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /** @enum {string|null} */
            ended_by: "caller" | "callee" | "agent" | "operator" | "network" | "system" | null;
            from_uri: string;
            guidance: {
                instructions: string | null;
                /** @enum {string} */
                mode: "regular" | "copilot" | "operator";
                muted: boolean;
                operator: string | null;
            };
            handoffs: components["schemas"]["Handoff"][];
            heard_tones: components["schemas"]["HeardTone"][];
            /** Format: uuid */
            id: string;
            legs: components["schemas"]["CallLeg"][];
            media_stats: {
                [key: string]: number;
            } | null;
            message: string;
            /** @enum {string|null} */
            outcome: "answered" | "busy" | "no_answer" | "rejected" | "cancelled" | "failed" | null;
            participants: components["schemas"]["Participant"][];
            provider_failures: components["schemas"]["ProviderFailure"][];
            provider_usage: components["schemas"]["ProviderUsage"][];
            q850_cause: number | null;
            quality: {
                /** @enum {string} */
                codec: "PCMU" | "PCMA" | "G722" | "opus";
                far_end: {
                    burst_loss_percent: number;
                    burst_ms: number;
                    discard_percent: number;
                    end_system_delay_ms: number;
                    gap_loss_percent: number;
                    gap_ms: number;
                    loss_percent: number;
                    mos_conversation: number | null;
                    mos_listening: number | null;
                    noise_level_dbm: number | null;
                    r_factor: number | null;
                    round_trip_ms: number;
                    signal_level_dbm: number | null;
                } | null;
                inbound: {
                    bpl: number;
                    burst_ratio: number;
                    delay_ms: number;
                    ie: number;
                    jitter_ms: number;
                    loss_percent: number;
                    lost: number;
                    mos: number;
                    packets: number;
                    r_factor: number;
                } | null;
                mos: number | null;
                outbound: {
                    bpl: number;
                    burst_ratio: number;
                    delay_ms: number;
                    ie: number;
                    jitter_ms: number;
                    loss_percent: number;
                    lost: number;
                    mos: number;
                    packets: number;
                    r_factor: number;
                } | null;
                round_trip_max_ms: number | null;
                round_trip_ms: number | null;
            } | null;
            recording_available: boolean;
            recording_pauses: components["schemas"]["RecordingPause"][];
            /** @enum {string|null} */
            result: "success" | "client_error" | "upstream_error" | "server_error" | "indeterminate" | null;
            sip_call_id: string;
            sip_code: number | null;
            sip_reason: string | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "initiated" | "in_progress" | "completed" | "failed";
            /** Format: uuid */
            task_id: string | null;
            timings: {
                answer_ms: number | null;
                duration_ms: number | null;
                pdd_ms: number | null;
                ring_ms: number | null;
                talk_ms: number | null;
            };
            to_uri: string;
            transfer: {
                /** Format: date-time */
                answered_at: string | null;
                /** @enum {string} */
                by: "operator" | "agent" | "far_end" | "route";
                /** Format: date-time */
                ended_at: string | null;
                /** @enum {string} */
                kind: "blind" | "attended";
                /** @enum {string} */
                method: "refer" | "bridge" | "replaces";
                /** @enum {string|null} */
                reason: "busy" | "no_answer" | "declined" | "no_such_number" | "no_common_codec" | "failed" | "refused" | "not_allowed" | "cancelled" | "hung_up" | null;
                sip_code: number | null;
                /** Format: date-time */
                started_at: string;
                /** @enum {string} */
                status: "pending" | "consulting" | "completed" | "failed" | "cancelled";
                target: string;
            } | null;
            variables: {
                [key: string]: string;
            };
        };
        ExecutedTask: {
            /** Format: uuid */
            call_id: string;
            /** @enum {string} */
            message: "Call initiated";
        };
        Failure: {
            details?: {
                fields: {
                    field: string;
                    message: string;
                }[];
            };
            error: string;
            meta: components["schemas"]["Meta"];
            /** @enum {boolean} */
            success: false;
        };
        GuidedCall: {
            /** Format: uuid */
            call_id: string;
            instructions: string | null;
            /** @enum {string} */
            mode: "regular" | "copilot" | "operator";
            muted: boolean;
            operator: string | null;
        };
        HandedOff: {
            /** Format: uuid */
            call_id: string;
            handoff: components["schemas"]["Handoff"];
        };
        Handoff: {
            after_ms: number;
            /** @enum {string} */
            by: "operator" | "agent";
            from: {
                /** Format: uuid */
                agent_id: string | null;
                agent_name: string;
                agent_version: number | null;
            };
            to: {
                /** Format: uuid */
                agent_id: string | null;
                agent_name: string;
                agent_version: number | null;
            };
        };
        HandoffRequest: {
            /** Format: uuid */
            agent_id: string;
            briefing?: string;
        };
        HeardTone: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            tone: "ringback" | "busy" | "congestion" | "information" | "fax" | "beep";
        };
        Inject: {
            audio: string;
            /** @default false */
            interrupt?: boolean;
            /** @default [audio] */
            text?: string;
        };
        Instructions: {
            instructions: string | null;
        };
        Interjected: {
            /** @enum {string} */
            begins: "now" | "waiting";
            /** Format: uuid */
            call_id: string;
        };
        Invitation: {
            /** Format: date-time */
            created_at: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            mail: "none" | "queued" | "sent" | "failed";
            /** @enum {string} */
            role: "owner" | "admin" | "operator" | "viewer";
            /** @enum {string} */
            status: "pending" | "expired";
        };
        InvitationAcceptance: {
            name?: string;
            /** Format: password */
            password: string;
            token: string;
        };
        Invite: {
            /** Format: email */
            email: string;
            /** @enum {string} */
            role: "owner" | "admin" | "operator" | "viewer";
        };
        LatencySpread: {
            count: number;
            p50: number;
            p95: number;
            p99: number;
        };
        ListenInfo: {
            /** Format: uuid */
            call_id: string;
            /** @enum {string} */
            encoding: "s16le";
            sample_rate_hz: number;
            temp_token: string;
            websocket_url: string;
        };
        Live: {
            /** Format: uuid */
            call_id: string;
            connection_info: {
                /** @enum {string} */
                auth_method: "query_param";
                /** @enum {string} */
                auth_param: "api_key";
                example: string;
                example_session: string;
                /** @enum {string} */
                message_format: "json";
                message_types: ("connected" | "transcript_update" | "call_status_update" | "text_received" | "tool_used" | "state_update" | "turn_completed" | "dtmf_received" | "tone_heard" | "answered_by_update" | "guidance_update" | "participants_update" | "suggestion" | "error")[];
                /** @enum {string} */
                temp_auth_param: "session_token";
                url: string;
            };
            temp_token: string;
            websocket_url: string;
        };
        Login: {
            /** Format: email */
            email: string;
            /** Format: uuid */
            organization_id?: string;
            /** Format: password */
            password: string;
        };
        Member: {
            email: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            member_since: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "operator" | "viewer";
        };
        MemberPatch: {
            /** @enum {string} */
            role: "owner" | "admin" | "operator" | "viewer";
        };
        Memory: {
            /** Format: uuid */
            agent_id: string;
            /** Format: uuid */
            call_id: string | null;
            contact: string;
            /** Format: date-time */
            created_at: string;
            facts: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            session_id: string | null;
            summary: string;
        };
        MessageCreate: {
            /** @default  */
            text?: string;
        };
        MessageFeedback: {
            feedback: ("good" | "bad") | null;
        };
        MessageForm: {
            attachments?: string[];
            text?: string;
        };
        Meta: {
            request_id: string;
            /** Format: date-time */
            timestamp: string;
        };
        NewApiKey: {
            /** Format: uuid */
            agent_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            dialect: "core" | "flametalk" | "flametree" | "callfluent" | "overview";
            /** Format: date-time */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            key: string;
            /** Format: date-time */
            last_used_at: string | null;
            limits: {
                allowed_prefixes?: string[];
                calls_per_day?: number;
                calls_per_hour?: number;
                denied_prefixes?: string[];
            } | null;
            name: string;
            prefix: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: ("agents:read" | "agents:write" | "calls:read" | "calls:write" | "tasks:read" | "tasks:write" | "campaigns:read" | "campaigns:write" | "contacts:read" | "contacts:write" | "do-not-call:read" | "do-not-call:write" | "trunks:read" | "trunks:write" | "routes:read" | "routes:write" | "phones:read" | "phones:write" | "webhooks:read" | "webhooks:write" | "bans:read" | "bans:write" | "texts:read" | "texts:write" | "sessions:read" | "sessions:write" | "memories:read" | "memories:write")[] | null;
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
        };
        NewInvitation: {
            /** Format: date-time */
            created_at: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            link: string;
            /** @enum {string} */
            mail: "none" | "queued" | "sent" | "failed";
            /** @enum {string} */
            role: "owner" | "admin" | "operator" | "viewer";
            /** @enum {string} */
            status: "pending" | "expired";
            token: string;
        };
        OperatorMessage: {
            /**
             * @default operator
             * @enum {string}
             */
            role?: "operator" | "copilot" | "notes";
            text: string;
        };
        Organization: {
            cors_origins: string[];
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            name: string;
            retention: {
                calls_days: number | null;
                recordings_days: number | null;
            };
            /** @enum {string} */
            role: "owner" | "admin" | "operator" | "viewer";
            /** Format: date-time */
            updated_at: string;
        };
        OrganizationCreate: {
            /** @default [] */
            cors_origins?: string[];
            name: string;
        };
        OrganizationPatch: {
            cors_origins?: string[];
            name?: string;
            retention?: {
                calls_days?: number | null;
                recordings_days?: number | null;
            };
        };
        OrganizationSwitch: {
            /** Format: uuid */
            organization_id: string;
        };
        OutboundPolicy: {
            call_window: components["schemas"]["CallHours"];
            limits: components["schemas"]["CallLimits"];
            retry: components["schemas"]["Retry"];
        };
        OutboundPolicyUpdate: {
            call_window?: components["schemas"]["CallHours"];
            limits?: components["schemas"]["CallLimits"];
            retry?: components["schemas"]["Retry"];
        };
        PageMeta: {
            limit: number;
            offset: number;
            request_id: string;
            /** Format: date-time */
            timestamp: string;
            total: number;
        };
        Participant: {
            /** Format: date-time */
            ended_at: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            joined_at: string | null;
            /** @enum {string} */
            mode: "talk" | "whisper" | "listen";
            /** @enum {string|null} */
            reason: "busy" | "no_answer" | "declined" | "no_such_number" | "no_common_codec" | "failed" | "hung_up" | "removed" | "call_ended" | "media_timeout" | null;
            sip_code: number | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "pending" | "joined" | "left" | "failed";
            target: string;
        };
        ParticipantChange: {
            /** @enum {string} */
            mode: "talk" | "whisper" | "listen";
        };
        ParticipantOfCall: {
            /** Format: uuid */
            call_id: string;
            participant: components["schemas"]["Participant"];
        };
        ParticipantRequest: {
            /**
             * @default talk
             * @enum {string}
             */
            mode?: "talk" | "whisper" | "listen";
            ring_timeout_seconds?: number;
            target: string;
        };
        ParticipantsOfCall: {
            /** Format: uuid */
            call_id: string;
            participants: components["schemas"]["Participant"][];
        };
        PasswordChange: {
            /** Format: password */
            current_password: string;
            /** Format: password */
            new_password: string;
        };
        Phone: {
            /** @enum {string} */
            call_proof: "digest" | "binding";
            contacts: {
                /** Format: date-time */
                expires_at: string;
                q: number;
                /** Format: date-time */
                registered_at: string;
                source: string;
                uri: string;
                user_agent: string | null;
            }[];
            /** Format: date-time */
            created_at: string;
            display_name: string | null;
            enabled: boolean;
            /** Format: uuid */
            id: string;
            max_contacts: number;
            /** @enum {string} */
            may_call: "agents" | "phones" | "anywhere";
            number: string | null;
            registered: boolean;
            /** @enum {string|null} */
            srtp: "off" | "accept" | "require" | null;
            /** Format: date-time */
            updated_at: string;
            username: string;
            version: number;
        };
        PhoneCreate: {
            /**
             * @default digest
             * @enum {string}
             */
            call_proof?: "digest" | "binding";
            /** @default null */
            display_name?: string | null;
            /** @default true */
            enabled?: boolean;
            /** @default 5 */
            max_contacts?: number;
            /**
             * @default phones
             * @enum {string}
             */
            may_call?: "agents" | "phones" | "anywhere";
            /** @default null */
            number?: string | null;
            password: string;
            /**
             * @default null
             * @enum {string|null}
             */
            srtp?: "off" | "accept" | "require" | null;
            username: string;
        };
        PhonePatch: {
            /** @enum {string} */
            call_proof?: "digest" | "binding";
            display_name?: string | null;
            enabled?: boolean;
            max_contacts?: number;
            /** @enum {string} */
            may_call?: "agents" | "phones" | "anywhere";
            number?: string | null;
            password?: string;
            /** @enum {string|null} */
            srtp?: "off" | "accept" | "require" | null;
            username?: string;
        };
        PlayedOver: {
            begins_in_ms: number;
            /** Format: uuid */
            call_id: string;
            duration_ms: number;
        };
        PlayOver: {
            audio: string;
            /**
             * @default far_end
             * @enum {string}
             */
            to?: "far_end" | "target" | "both";
        };
        PressedDigits: {
            /** Format: uuid */
            call_id: string;
            digits: string;
        };
        ProviderFailure: {
            /** Format: date-time */
            at: string;
            instead: string | null;
            provider: string;
            /** @enum {string} */
            reason: "refused" | "unreachable" | "timeout" | "malformed" | "empty" | "oversized" | "interrupted";
            /** @enum {string} */
            stage: "stt" | "llm" | "tts";
            status_code: number | null;
        };
        ProviderUsage: {
            audio_seconds: number;
            characters: number;
            cost: number | null;
            input_audio_tokens: number;
            input_tokens: number;
            output_audio_tokens: number;
            output_tokens: number;
            provider: string;
            requests: number;
            /** @enum {string} */
            stage: "stt" | "llm" | "tts";
        };
        ProviderWait: {
            count: number;
            p50: number;
            p95: number;
            p99: number;
            provider: string;
            /** @enum {string} */
            stage: "stt" | "llm" | "tts";
        };
        Recording: {
            /** Format: uuid */
            call_id: string;
            /** @enum {string} */
            content_type: "audio/wav" | "audio/ogg";
            /** Format: uri-reference */
            recording_url: string;
            size_bytes: number;
        };
        RecordingPause: {
            /** Format: date-time */
            paused_at: string;
            /** Format: date-time */
            resumed_at: string | null;
        };
        RecordingPauses: {
            /** Format: uuid */
            call_id: string;
            paused: boolean;
            recording_pauses: components["schemas"]["RecordingPause"][];
        };
        RecordingPeaks: {
            agent: number[];
            /** Format: uuid */
            call_id: string;
            caller: number[];
            duration_ms: number;
        };
        Report: {
            action_items: string[];
            /** Format: uuid */
            call_id: string;
            /** Format: date-time */
            created_at: string;
            extracted_data: {
                [key: string]: string | number | boolean | null | string[];
            };
            extraction: {
                attempts: number;
                data: {
                    [key: string]: unknown;
                } | null;
                faults: string[];
                valid: boolean;
            } | null;
            generated_by: string;
            key_points: string[];
            model: string | null;
            /** @enum {string} */
            outcome: "resolved" | "unresolved" | "callback_wanted" | "voicemail" | "no_conversation" | "not_answered" | "unknown";
            /** @enum {string|null} */
            sentiment: "positive" | "neutral" | "negative" | null;
            statistics: {
                agent_speech_ms: number;
                agent_utterances: number;
                caller_speech_ms: number;
                caller_utterances: number;
                duration_ms: number;
                interruptions: number;
            };
            summary: string;
            topics: string[];
        };
        Retry: {
            max_attempts: number;
            outcomes: {
                busy?: {
                    after_seconds: number[];
                };
                failed?: {
                    after_seconds: number[];
                };
                no_answer?: {
                    after_seconds: number[];
                };
                rejected?: {
                    after_seconds: number[];
                };
                voicemail?: {
                    after_seconds: number[];
                };
            };
        } | null;
        Route: {
            /** Format: date-time */
            created_at: string;
            enabled: boolean;
            /** Format: uuid */
            id: string;
            match: components["schemas"]["RouteMatch"];
            name: string;
            priority: number;
            target: components["schemas"]["RouteTarget"];
            /** Format: date-time */
            updated_at: string;
            variables: {
                header: string;
                name: string;
                /**
                 * @default value
                 * @enum {string}
                 */
                part?: "value" | "display_name" | "user" | "uri" | "text";
            }[];
            version: number;
        };
        RouteCreate: {
            /** @default true */
            enabled?: boolean;
            match?: components["schemas"]["RouteMatch"];
            name: string;
            /** @default 100 */
            priority?: number;
            target: components["schemas"]["RouteTarget"];
            /** @default [] */
            variables?: {
                header: string;
                name: string;
                /**
                 * @default value
                 * @enum {string}
                 */
                part?: "value" | "display_name" | "user" | "uri" | "text";
            }[];
        };
        RouteMatch: {
            /** @default null */
            anonymous?: boolean | null;
            /** @default [] */
            called?: string[];
            /** @default [] */
            callers?: string[];
            /** @default {} */
            headers?: {
                [key: string]: string;
            };
            /** @default null */
            schedule?: {
                /** @default [] */
                dates?: string[];
                /** @default [] */
                except_dates?: string[];
                /** @default [] */
                hours?: {
                    /**
                     * @default [
                     *       "mon",
                     *       "tue",
                     *       "wed",
                     *       "thu",
                     *       "fri",
                     *       "sat",
                     *       "sun"
                     *     ]
                     */
                    days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                    from: string;
                    to: string;
                }[];
                timezone: string;
            } | null;
            /** @default [] */
            trunks?: string[];
        };
        RoutePatch: {
            enabled?: boolean;
            match?: components["schemas"]["RouteMatch"];
            name?: string;
            priority?: number;
            target?: components["schemas"]["RouteTarget"];
            variables?: {
                header: string;
                name: string;
                /**
                 * @default value
                 * @enum {string}
                 */
                part?: "value" | "display_name" | "user" | "uri" | "text";
            }[];
        };
        RouteTarget: {
            agent: string;
            /** @default null */
            answer_texts?: boolean | null;
            /** @enum {string} */
            type: "agent";
        } | {
            to: string;
            /** @enum {string} */
            type: "redirect";
        } | {
            /** @default 603 */
            status?: number;
            /** @enum {string} */
            type: "reject";
        } | {
            /** @default null */
            agent?: string | null;
            text: string;
            /** @enum {string} */
            type: "announcement";
        } | {
            /** @default null */
            otherwise?: {
                agent: string;
                /** @default null */
                answer_texts?: boolean | null;
                /** @enum {string} */
                type: "agent";
            } | {
                to: string;
                /** @enum {string} */
                type: "redirect";
            } | {
                /** @default 603 */
                status?: number;
                /** @enum {string} */
                type: "reject";
            } | {
                /** @default null */
                agent?: string | null;
                text: string;
                /** @enum {string} */
                type: "announcement";
            } | null;
            /** @default null */
            ring_seconds?: number | null;
            to: string[];
            /** @enum {string} */
            type: "transfer";
        };
        RouteTestCall: {
            /** Format: date-time */
            at?: string;
            called: string;
            /** @default anonymous */
            caller?: string;
            /** @default {} */
            headers?: {
                [key: string]: string;
            };
            /** @default null */
            trunk?: string | null;
        };
        RouteTestResult: {
            agent: {
                /** Format: uuid */
                id: string | null;
                name: string;
            } | null;
            considered: {
                /** Format: uuid */
                id: string;
                /** @enum {string|null} */
                mismatch: "trunk" | "called" | "caller" | "anonymous" | "header" | "schedule" | null;
                name: string;
            }[];
            /** @enum {string} */
            decided_by: "route" | "trunk" | "user" | "nobody";
            route: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            target: {
                agent: string;
                /** @default null */
                answer_texts?: boolean | null;
                /** @enum {string} */
                type: "agent";
            } | {
                to: string;
                /** @enum {string} */
                type: "redirect";
            } | {
                /** @default 603 */
                status?: number;
                /** @enum {string} */
                type: "reject";
            } | {
                /** @default null */
                agent?: string | null;
                text: string;
                /** @enum {string} */
                type: "announcement";
            } | {
                /** @default null */
                otherwise?: {
                    agent: string;
                    /** @default null */
                    answer_texts?: boolean | null;
                    /** @enum {string} */
                    type: "agent";
                } | {
                    to: string;
                    /** @enum {string} */
                    type: "redirect";
                } | {
                    /** @default 603 */
                    status?: number;
                    /** @enum {string} */
                    type: "reject";
                } | {
                    /** @default null */
                    agent?: string | null;
                    text: string;
                    /** @enum {string} */
                    type: "announcement";
                } | null;
                /** @default null */
                ring_seconds?: number | null;
                to: string[];
                /** @enum {string} */
                type: "transfer";
            } | null;
            variables: {
                [key: string]: string;
            };
        };
        Say: {
            /** @default false */
            interrupt?: boolean;
            text: string;
        };
        Session: {
            /** Format: uuid */
            agent_id: string;
            agent_version: number;
            /** Format: date-time */
            closes_at: string;
            collected_data: {
                [key: string]: string | number | boolean;
            };
            context_data: {
                [key: string]: unknown;
            };
            email: string | null;
            /** Format: date-time */
            ended_at: string | null;
            ext_id: string;
            /** @enum {string} */
            ext_type: "web" | "mobile" | "telegram" | "whatsapp" | "email" | "sip" | "facebook" | "sms";
            greeting: string | null;
            /** Format: uuid */
            id: string;
            idle_timeout_ms: number | null;
            language: string;
            /** @enum {string} */
            mode: "regular" | "copilot" | "operator";
            name: string | null;
            operator: {
                id: string;
                name: string;
            } | null;
            phone: string | null;
            result?: unknown;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "open" | "completed" | "busy" | "noanswer" | "canceled" | "failed" | "resolved_by_operator" | "escalated_by_operator" | "not_found" | "network_error" | "unknown" | "user_timeout" | "timeout" | "declined" | "transferred" | "daily_limit_exceeded";
            timeout_ms: number;
            user_info: {
                [key: string]: unknown;
            };
        };
        SessionAttachment: {
            content_type: string;
            /** Format: uuid */
            id: string;
            name: string;
            size_bytes: number;
        };
        SessionClose: {
            result?: unknown;
            /**
             * @default completed
             * @enum {string}
             */
            status?: "completed" | "busy" | "noanswer" | "canceled" | "failed" | "resolved_by_operator" | "escalated_by_operator" | "not_found" | "network_error" | "unknown" | "user_timeout" | "timeout" | "declined" | "transferred" | "daily_limit_exceeded";
        };
        SessionCreate: {
            /** Format: uuid */
            agent_id: string;
            context_data?: {
                [key: string]: unknown;
            };
            email?: string | null;
            ext_id: string;
            /**
             * @default web
             * @enum {string}
             */
            ext_type?: "web" | "mobile" | "telegram" | "whatsapp" | "email" | "sip" | "facebook" | "sms";
            /** @default true */
            greets?: boolean;
            idle_timeout_ms?: number;
            language?: string;
            name?: string | null;
            phone?: string | null;
            timeout_ms?: number;
            user_info?: {
                [key: string]: unknown;
            };
        };
        SessionMessage: {
            attachments: components["schemas"]["SessionAttachment"][];
            /** Format: date-time */
            created_at: string;
            feedback: ("good" | "bad") | null;
            id: number;
            /** @enum {string} */
            role: "human" | "ai" | "operator" | "copilot" | "notes";
            text: string;
        };
        SessionModeChange: {
            /** @enum {string} */
            mode: "regular" | "copilot" | "operator";
            operator?: {
                id: string;
                name: string;
            };
        };
        SessionNote: {
            arguments?: unknown;
            /** Format: date-time */
            at: string;
            duration_ms: number | null;
            /** @enum {string} */
            kind: "tool" | "failure";
            name: string;
            outcome: ("succeeded" | "failed" | "refused" | "timed_out") | null;
            reason: string | null;
        };
        SessionPatch: {
            context_data?: {
                [key: string]: unknown;
            };
            email?: string | null;
            idle_timeout_ms?: number;
            language?: string;
            name?: string | null;
            phone?: string | null;
            result?: unknown;
            timeout_ms?: number;
            user_info?: {
                [key: string]: unknown;
            };
        };
        SessionReply: {
            message: components["schemas"]["SessionMessage"];
            /** @enum {string} */
            mode: "regular" | "copilot" | "operator";
            reply: components["schemas"]["SessionMessage"] | null;
        };
        Task: {
            /** Format: uuid */
            agent_id: string;
            /** Format: uuid */
            api_key_id: string | null;
            attempts: number;
            /** Format: uuid */
            call_id: string | null;
            call_window: components["schemas"]["CallWindow"];
            context_data: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            description: string | null;
            failure_reason: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            /** Format: date-time */
            next_attempt_at: string | null;
            priority: number;
            retry: components["schemas"]["Retry"];
            /** Format: date-time */
            scheduled_at: string | null;
            starting_message: string | null;
            /** @enum {string} */
            status: "pending" | "in_progress" | "completed" | "failed";
            to_number: string;
            /** Format: date-time */
            updated_at: string;
            webhook_events: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url: string | null;
        };
        TaskCall: {
            /** Format: uuid */
            call_id: string;
            end_reason: string | null;
            /** Format: date-time */
            ended_at: string | null;
            sip_code: number | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "initiated" | "in_progress" | "completed" | "failed";
        };
        TaskCreate: {
            /** Format: uuid */
            agent_id: string;
            call_window?: components["schemas"]["CallWindow"];
            context_data?: {
                [key: string]: unknown;
            } | null;
            description?: string | null;
            name: string;
            /** @default 0 */
            priority?: number;
            retry?: components["schemas"]["Retry"];
            /** Format: date-time */
            scheduled_at?: string | null;
            starting_message?: string | null;
            to_number: string;
            webhook_events?: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url?: string | null;
        };
        TaskDetail: {
            agent: {
                answer: {
                    context_max_tokens?: number;
                    creativity?: number;
                    max_words?: number;
                    model?: string;
                } | null;
                avatar: string | null;
                background_sound: string | null;
                blocked_phone_types: ("fixed_line" | "mobile" | "fixed_line_or_mobile" | "toll_free" | "premium_rate" | "shared_cost" | "voip" | "personal_number" | "pager" | "uan" | "voicemail")[] | null;
                call_recording: boolean | null;
                context_data: {
                    [key: string]: string;
                } | null;
                /** Format: date-time */
                created_at: string;
                custom_fields: {
                    id?: string;
                    label: string;
                    name: string;
                    /**
                     * @default text
                     * @enum {string}
                     */
                    type?: "text" | "number" | "boolean" | "email" | "phone" | "date" | "spelled";
                }[] | null;
                deployed_version: number;
                /** @enum {string} */
                deployment: "automatic" | "manual";
                description: string | null;
                do_not_call: {
                    end_call?: boolean;
                    phrases?: string[];
                    say?: string;
                } | null;
                dtmf_rules: {
                    [key: string]: {
                        /** @enum {string} */
                        action?: "do_not_call";
                        end_call?: boolean;
                        goto?: string;
                        intent?: string;
                        menu?: {
                            invalid_say?: string;
                            name?: string;
                            options: {
                                [key: string]: {
                                    /** @enum {string} */
                                    action?: "do_not_call";
                                    end_call?: boolean;
                                    goto?: string;
                                    intent?: string;
                                    menu?: {
                                        invalid_say?: string;
                                        name?: string;
                                        options: {
                                            [key: string]: {
                                                /** @enum {string} */
                                                action?: "do_not_call";
                                                end_call?: boolean;
                                                goto?: string;
                                                intent?: string;
                                                menu?: {
                                                    invalid_say?: string;
                                                    name?: string;
                                                    options: {
                                                        [key: string]: {
                                                            /** @enum {string} */
                                                            action?: "do_not_call";
                                                            end_call?: boolean;
                                                            goto?: string;
                                                            intent?: string;
                                                            say?: string;
                                                            tool?: string;
                                                        };
                                                    };
                                                    prompt: string;
                                                    retries?: number;
                                                    timeout_ms?: number;
                                                };
                                                say?: string;
                                                tool?: string;
                                            };
                                        };
                                        prompt: string;
                                        retries?: number;
                                        timeout_ms?: number;
                                    };
                                    say?: string;
                                    tool?: string;
                                };
                            };
                            prompt: string;
                            retries?: number;
                            timeout_ms?: number;
                        };
                        say?: string;
                        tool?: string;
                    };
                };
                enabled: boolean;
                extraction_schema: {
                    [key: string]: unknown;
                } | null;
                /** Format: uuid */
                id: string;
                knowledge: string | null;
                language: string;
                limits: {
                    max_cost?: number;
                } | null;
                line: {
                    /** @enum {string} */
                    direction: "inbound" | "outbound";
                    number?: string;
                } | null;
                memory: {
                    enabled?: boolean;
                    max_facts?: number;
                } | null;
                name: string;
                /** @enum {string|null} */
                noise_suppression: "on" | "off" | null;
                persona: {
                    background?: string;
                    goal?: string;
                    instructions?: string;
                    script?: string;
                    script_enabled?: boolean;
                    tone?: string;
                    type?: string;
                } | null;
                providers: {
                    llm?: string;
                    realtime?: string;
                    stt?: string;
                    tts?: string;
                };
                script: {
                    fallback: string;
                    intents: {
                        arguments?: {
                            [key: string]: unknown;
                        };
                        /** @default false */
                        end_call?: boolean;
                        expect?: {
                            choices: string[];
                            count: number;
                            /** @enum {string} */
                            kind: "digits" | "yes_no" | "name" | "email" | "date" | "choice";
                        };
                        failure_reply?: string;
                        name: string;
                        phrases: string[];
                        reply: string;
                        tool?: string;
                    }[];
                } | null;
                sessions: {
                    answer_texts?: boolean;
                    daily_limit?: number;
                    idle_timeout_ms?: number;
                    timeout_ms?: number;
                } | null;
                sip_user: string | null;
                starting_message: string | null;
                system_prompt: string;
                timezone: string | null;
                turn_taking: {
                    end_of_utterance_ms?: number;
                    idle_end_after_ms?: number;
                    idle_message?: string;
                    idle_message_after_ms?: number;
                    interrupt_after_words?: number;
                    transcribe_fillers?: boolean;
                    uninterruptible_welcome?: boolean;
                } | null;
                /** Format: date-time */
                updated_at: string;
                version: number;
                voice_settings: {
                    similarity_boost?: number;
                    speed?: number;
                    stability?: number;
                    style?: number;
                    use_speaker_boost?: boolean;
                    voice?: string;
                } & {
                    [key: string]: unknown;
                };
                voicemail: {
                    detection_timeout_ms?: number;
                    enabled?: boolean;
                    /** @enum {string} */
                    mode?: "message" | "hangup";
                    text?: string;
                } | null;
                web_origins: {
                    enforced: boolean;
                    origins: string[];
                } | null;
                welcome: {
                    delay_ms?: number;
                    enabled?: boolean;
                } | null;
            } | null;
            /** Format: uuid */
            agent_id: string;
            /** Format: uuid */
            api_key_id: string | null;
            attempts: number;
            /** Format: uuid */
            call_id: string | null;
            call_window: components["schemas"]["CallWindow"];
            calls: components["schemas"]["TaskCall"][];
            context_data: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            description: string | null;
            failure_reason: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            /** Format: date-time */
            next_attempt_at: string | null;
            priority: number;
            retry: components["schemas"]["Retry"];
            /** Format: date-time */
            scheduled_at: string | null;
            starting_message: string | null;
            /** @enum {string} */
            status: "pending" | "in_progress" | "completed" | "failed";
            to_number: string;
            /** Format: date-time */
            updated_at: string;
            webhook_events: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url: string | null;
        };
        TaskExecute: {
            /** @default false */
            ignore_window?: boolean;
        };
        TaskPatch: {
            call_window?: components["schemas"]["CallWindow"];
            context_data?: {
                [key: string]: unknown;
            };
            description?: string | null;
            name?: string;
            priority?: number;
            retry?: components["schemas"]["Retry"];
            /** Format: date-time */
            scheduled_at?: string | null;
            starting_message?: string | null;
            to_number?: string;
            webhook_events?: ("call_started" | "call_completed" | "call_failed")[];
            /** Format: uri */
            webhook_url?: string | null;
        };
        Text: {
            /** Format: uuid */
            agent_id: string | null;
            /** Format: uuid */
            api_key_id: string | null;
            attempts: number;
            /** Format: uuid */
            call_id: string | null;
            contact: string;
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            failure_reason: string | null;
            from_uri: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            next_attempt_at: string | null;
            sip_code: number | null;
            /** @enum {string} */
            status: "received" | "pending" | "sent" | "delivered" | "failed";
            text: string;
            to_uri: string;
            trunk: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
        };
        TextCreate: {
            from?: string;
            text: string;
            to: string;
        };
        TextThread: {
            contact: string;
            last: components["schemas"]["Text"];
            texts: number;
        };
        ToolRun: {
            /** Format: uuid */
            action_id: string | null;
            arguments?: unknown;
            attempts: number;
            duration_ms: number;
            name: string;
            /** @enum {string} */
            outcome: "succeeded" | "failed" | "refused" | "timed_out";
            reason: string | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string|null} */
            type: "data_collection" | "webhook" | "http" | "send_email" | "email_push" | "sms" | "call_forwarding" | "collect_digits" | "ghl_calendar" | "google_calendar" | "mcp" | null;
        };
        Transcribed: {
            /** Format: uuid */
            call_id: string;
            extracted_data: {
                [key: string]: string | number | boolean | null | string[];
            };
            report: components["schemas"]["Report"];
            /** @enum {string} */
            source: "live" | "recording";
            /** @enum {string} */
            status: "initiated" | "in_progress" | "completed" | "failed";
            transcript: components["schemas"]["TranscriptEntry"][];
        };
        Transcript: {
            /** Format: uuid */
            call_id: string;
            /** @enum {string} */
            source: "live" | "recording";
            /** @enum {string} */
            status: "initiated" | "in_progress" | "completed" | "failed";
            transcript: components["schemas"]["TranscriptEntry"][];
        };
        TranscriptEntry: {
            /** Format: uuid */
            agent_id: string | null;
            end_ms: number;
            feedback: ("good" | "bad") | null;
            full_message: string;
            interrupted: boolean;
            message: string;
            /** @enum {string} */
            role: "user" | "agent" | "operator";
            sequence: number;
            start_ms: number;
            time_in_call_secs: number;
        };
        Transfer: {
            /** Format: date-time */
            answered_at: string | null;
            /** @enum {string} */
            by: "operator" | "agent" | "far_end" | "route";
            /** Format: date-time */
            ended_at: string | null;
            /** @enum {string} */
            kind: "blind" | "attended";
            /** @enum {string} */
            method: "refer" | "bridge" | "replaces";
            /** @enum {string|null} */
            reason: "busy" | "no_answer" | "declined" | "no_such_number" | "no_common_codec" | "failed" | "refused" | "not_allowed" | "cancelled" | "hung_up" | null;
            sip_code: number | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            status: "pending" | "consulting" | "completed" | "failed" | "cancelled";
            target: string;
        };
        TransferRequest: {
            briefing?: string;
            /**
             * @default none
             * @enum {string}
             */
            consent?: "none" | "key" | "api";
            failure_message?: string;
            /**
             * @default blind
             * @enum {string}
             */
            kind?: "blind" | "attended";
            /** @enum {string} */
            method?: "auto" | "refer" | "bridge";
            ring_timeout_seconds?: number;
            target: string;
        };
        TransferStarted: {
            /** Format: uuid */
            call_id: string;
            transfer: components["schemas"]["Transfer"];
        };
        Trunk: {
            /** @enum {string|null} */
            "100rel": "off" | "accept" | "require" | null;
            accept_refer: boolean;
            answer: {
                announcement?: string | null;
                /**
                 * @default when_ready
                 * @enum {string}
                 */
                mode?: "when_ready" | "immediate" | "early_media";
                within_ms?: number | null;
            };
            auth_username: string | null;
            backup_servers: string[];
            calls_per_second: number | null;
            codecs: ("PCMU" | "PCMA" | "G722" | "opus")[];
            /** Format: date-time */
            created_at: string;
            delayed_offer: boolean;
            dialog_headers: {
                /** @default {} */
                bye?: {
                    [key: string]: string;
                };
                /** @default {} */
                refer?: {
                    [key: string]: string;
                };
                /** @default {} */
                refer_to?: {
                    [key: string]: string;
                };
            };
            /** @enum {string} */
            dtmf: "rfc4733" | "inband" | "info";
            /** @enum {string} */
            early_media: "accept" | "ignore";
            /** @enum {string|null} */
            echo_cancellation: "auto" | "on" | "off" | null;
            enabled: boolean;
            expires_seconds: number;
            failover_codes: number[];
            first_response_ms: number | null;
            has_password: boolean;
            headers: {
                [key: string]: string;
            };
            host: string;
            /** Format: uuid */
            id: string;
            identity: {
                /** @default false */
                anonymous?: boolean;
                asserted_identity?: string | null;
                display_name?: string | null;
                from_domain?: string | null;
                from_user?: string | null;
                preferred_identity?: string | null;
                /** @default false */
                user_phone?: boolean;
            };
            inbound: {
                agent: string;
                called: string;
            }[];
            keep_alive_seconds: number | null;
            /** @enum {string} */
            kind: "register" | "static" | "accept";
            max_concurrent_calls: number | null;
            name: string;
            /** @enum {string} */
            nat: "off" | "auto";
            /** @enum {string|null} */
            noise_suppression: "on" | "off" | null;
            numbers: {
                country?: string | null;
                /**
                 * @default e164
                 * @enum {string}
                 */
                in?: "e164" | "e164_without_plus" | "national";
                /**
                 * @default e164
                 * @enum {string}
                 */
                out?: "e164" | "e164_without_plus" | "national";
            };
            outbound: {
                /** @default + */
                prefix?: string;
                /** @default 100 */
                priority?: number;
                /** @default 1 */
                weight?: number;
            }[];
            outbound_proxy: string | null;
            ping_seconds: number | null;
            port: number | null;
            redirects: {
                /** @default 3 */
                max?: number;
                /**
                 * @default refuse
                 * @enum {string}
                 */
                policy?: "refuse" | "same_host" | "follow";
            };
            session_timer: {
                /** @default 1800 */
                expires_seconds?: number;
                /** @default 90 */
                min_se_seconds?: number;
                /**
                 * @default accept
                 * @enum {string}
                 */
                mode?: "off" | "accept" | "request";
                /**
                 * @default update
                 * @enum {string}
                 */
                refresh_method?: "update" | "invite";
                /**
                 * @default auto
                 * @enum {string}
                 */
                refresher?: "auto" | "us" | "them";
            };
            sources: string[];
            /** @enum {string|null} */
            srtp: "off" | "accept" | "require" | null;
            tls_pins: string[];
            /** @enum {string} */
            tone_detection: "off" | "report" | "end";
            /** @enum {string} */
            transfer: "auto" | "refer" | "bridge";
            /** @enum {string} */
            transport: "udp" | "tcp" | "tls" | "auto";
            /** Format: date-time */
            updated_at: string;
            username: string | null;
            variables: {
                header: string;
                name: string;
                /**
                 * @default value
                 * @enum {string}
                 */
                part?: "value" | "display_name" | "user" | "uri" | "text";
            }[];
            version: number;
        };
        TrunkCreate: {
            /**
             * @default null
             * @enum {string|null}
             */
            "100rel"?: "off" | "accept" | "require" | null;
            /** @default false */
            accept_refer?: boolean;
            /** @default {} */
            answer?: {
                announcement?: string | null;
                /**
                 * @default when_ready
                 * @enum {string}
                 */
                mode?: "when_ready" | "immediate" | "early_media";
                within_ms?: number | null;
            };
            /** @default null */
            auth_username?: string | null;
            /** @default [] */
            backup_servers?: string[];
            /** @default null */
            calls_per_second?: number | null;
            codecs?: ("PCMU" | "PCMA" | "G722" | "opus")[];
            /** @default false */
            delayed_offer?: boolean;
            /** @default {} */
            dialog_headers?: {
                /** @default {} */
                bye?: {
                    [key: string]: string;
                };
                /** @default {} */
                refer?: {
                    [key: string]: string;
                };
                /** @default {} */
                refer_to?: {
                    [key: string]: string;
                };
            };
            /**
             * @default rfc4733
             * @enum {string}
             */
            dtmf?: "rfc4733" | "inband" | "info";
            /**
             * @default accept
             * @enum {string}
             */
            early_media?: "accept" | "ignore";
            /**
             * @default null
             * @enum {string|null}
             */
            echo_cancellation?: "auto" | "on" | "off" | null;
            /** @default true */
            enabled?: boolean;
            /** @default 3600 */
            expires_seconds?: number;
            /**
             * @default [
             *       408,
             *       480,
             *       500,
             *       502,
             *       503,
             *       504
             *     ]
             */
            failover_codes?: number[];
            /** @default null */
            first_response_ms?: number | null;
            /** @default {} */
            headers?: {
                [key: string]: string;
            };
            host: string;
            /** @default {} */
            identity?: {
                /** @default false */
                anonymous?: boolean;
                asserted_identity?: string | null;
                display_name?: string | null;
                from_domain?: string | null;
                from_user?: string | null;
                preferred_identity?: string | null;
                /** @default false */
                user_phone?: boolean;
            };
            /** @default [] */
            inbound?: {
                agent: string;
                called: string;
            }[];
            /** @default 25 */
            keep_alive_seconds?: number | null;
            /** @enum {string} */
            kind: "register" | "static" | "accept";
            /** @default null */
            max_concurrent_calls?: number | null;
            name: string;
            /**
             * @default off
             * @enum {string}
             */
            nat?: "off" | "auto";
            /**
             * @default null
             * @enum {string|null}
             */
            noise_suppression?: "on" | "off" | null;
            /** @default {} */
            numbers?: {
                country?: string | null;
                /**
                 * @default e164
                 * @enum {string}
                 */
                in?: "e164" | "e164_without_plus" | "national";
                /**
                 * @default e164
                 * @enum {string}
                 */
                out?: "e164" | "e164_without_plus" | "national";
            };
            /** @default [] */
            outbound?: {
                /** @default + */
                prefix?: string;
                /** @default 100 */
                priority?: number;
                /** @default 1 */
                weight?: number;
            }[];
            /** @default null */
            outbound_proxy?: string | null;
            /** @default null */
            password?: string | null;
            /** @default null */
            ping_seconds?: number | null;
            /** @default null */
            port?: number | null;
            /** @default {} */
            redirects?: {
                /** @default 3 */
                max?: number;
                /**
                 * @default refuse
                 * @enum {string}
                 */
                policy?: "refuse" | "same_host" | "follow";
            };
            /** @default {} */
            session_timer?: {
                /** @default 1800 */
                expires_seconds?: number;
                /** @default 90 */
                min_se_seconds?: number;
                /**
                 * @default accept
                 * @enum {string}
                 */
                mode?: "off" | "accept" | "request";
                /**
                 * @default update
                 * @enum {string}
                 */
                refresh_method?: "update" | "invite";
                /**
                 * @default auto
                 * @enum {string}
                 */
                refresher?: "auto" | "us" | "them";
            };
            /** @default [] */
            sources?: string[];
            /**
             * @default null
             * @enum {string|null}
             */
            srtp?: "off" | "accept" | "require" | null;
            /** @default [] */
            tls_pins?: string[];
            /**
             * @default off
             * @enum {string}
             */
            tone_detection?: "off" | "report" | "end";
            /**
             * @default auto
             * @enum {string}
             */
            transfer?: "auto" | "refer" | "bridge";
            /**
             * @default udp
             * @enum {string}
             */
            transport?: "udp" | "tcp" | "tls" | "auto";
            /** @default null */
            username?: string | null;
            /** @default [] */
            variables?: {
                header: string;
                name: string;
                /**
                 * @default value
                 * @enum {string}
                 */
                part?: "value" | "display_name" | "user" | "uri" | "text";
            }[];
        };
        TrunkPatch: {
            /** @enum {string|null} */
            "100rel"?: "off" | "accept" | "require" | null;
            accept_refer?: boolean;
            answer?: {
                announcement?: string | null;
                /**
                 * @default when_ready
                 * @enum {string}
                 */
                mode?: "when_ready" | "immediate" | "early_media";
                within_ms?: number | null;
            };
            auth_username?: string | null;
            backup_servers?: string[];
            calls_per_second?: number | null;
            codecs?: ("PCMU" | "PCMA" | "G722" | "opus")[];
            delayed_offer?: boolean;
            dialog_headers?: {
                /** @default {} */
                bye?: {
                    [key: string]: string;
                };
                /** @default {} */
                refer?: {
                    [key: string]: string;
                };
                /** @default {} */
                refer_to?: {
                    [key: string]: string;
                };
            };
            /** @enum {string} */
            dtmf?: "rfc4733" | "inband" | "info";
            /** @enum {string} */
            early_media?: "accept" | "ignore";
            /** @enum {string|null} */
            echo_cancellation?: "auto" | "on" | "off" | null;
            enabled?: boolean;
            expires_seconds?: number;
            failover_codes?: number[];
            first_response_ms?: number | null;
            headers?: {
                [key: string]: string;
            };
            host?: string;
            identity?: {
                /** @default false */
                anonymous?: boolean;
                asserted_identity?: string | null;
                display_name?: string | null;
                from_domain?: string | null;
                from_user?: string | null;
                preferred_identity?: string | null;
                /** @default false */
                user_phone?: boolean;
            };
            inbound?: {
                agent: string;
                called: string;
            }[];
            keep_alive_seconds?: number | null;
            /** @enum {string} */
            kind?: "register" | "static" | "accept";
            max_concurrent_calls?: number | null;
            name?: string;
            /** @enum {string} */
            nat?: "off" | "auto";
            /** @enum {string|null} */
            noise_suppression?: "on" | "off" | null;
            numbers?: {
                country?: string | null;
                /**
                 * @default e164
                 * @enum {string}
                 */
                in?: "e164" | "e164_without_plus" | "national";
                /**
                 * @default e164
                 * @enum {string}
                 */
                out?: "e164" | "e164_without_plus" | "national";
            };
            outbound?: {
                /** @default + */
                prefix?: string;
                /** @default 100 */
                priority?: number;
                /** @default 1 */
                weight?: number;
            }[];
            outbound_proxy?: string | null;
            password?: string | null;
            ping_seconds?: number | null;
            port?: number | null;
            redirects?: {
                /** @default 3 */
                max?: number;
                /**
                 * @default refuse
                 * @enum {string}
                 */
                policy?: "refuse" | "same_host" | "follow";
            };
            session_timer?: {
                /** @default 1800 */
                expires_seconds?: number;
                /** @default 90 */
                min_se_seconds?: number;
                /**
                 * @default accept
                 * @enum {string}
                 */
                mode?: "off" | "accept" | "request";
                /**
                 * @default update
                 * @enum {string}
                 */
                refresh_method?: "update" | "invite";
                /**
                 * @default auto
                 * @enum {string}
                 */
                refresher?: "auto" | "us" | "them";
            };
            sources?: string[];
            /** @enum {string|null} */
            srtp?: "off" | "accept" | "require" | null;
            tls_pins?: string[];
            /** @enum {string} */
            tone_detection?: "off" | "report" | "end";
            /** @enum {string} */
            transfer?: "auto" | "refer" | "bridge";
            /** @enum {string} */
            transport?: "udp" | "tcp" | "tls" | "auto";
            username?: string | null;
            variables?: {
                header: string;
                name: string;
                /**
                 * @default value
                 * @enum {string}
                 */
                part?: "value" | "display_name" | "user" | "uri" | "text";
            }[];
        };
        TrunkStatus: {
            /** Format: date-time */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            last_error: {
                code: number | null;
                message: string;
            } | null;
            /** Format: date-time */
            next_attempt_at: string | null;
            /** @enum {string} */
            state: "disabled" | "ready" | "registering" | "registered" | "unregistered" | "failed" | "down";
        };
        Turn: {
            /** Format: uuid */
            agent_id: string | null;
            barge_in_ms: number | null;
            /** @enum {string} */
            cause: "greeting" | "speech" | "digit" | "silence" | "operator";
            done_probability: number | null;
            interrupted: boolean;
            latency_ms: {
                ahead: number | null;
                endpoint: number | null;
                filler: number | null;
                first_audio: number | null;
                first_clause: number | null;
                first_packet: number | null;
                first_text: number | null;
                stt_final: number | null;
                vad_end: number | null;
            };
            origin_ms: number;
            providers: {
                llm: string | null;
                stt: string | null;
                tts: string | null;
            };
            sequence: number;
            sources: {
                chunk: number;
                document: string;
                /** Format: uuid */
                document_id: string;
                heading: string;
                score: number;
            }[];
            speculation: {
                attempts: number;
                discarded: number;
                discarded_input_tokens: number;
                discarded_output_tokens: number;
            } | null;
        };
        Webhook: {
            /** Format: date-time */
            created_at: string;
            description: string | null;
            enabled: boolean;
            events: ("call_started" | "call_completed" | "call_failed" | "participant_joined" | "participant_left" | "participant_failed" | "text_received" | "text_sent" | "text_delivered" | "text_failed")[];
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            previous_secret_until: string | null;
            /** Format: date-time */
            updated_at: string;
            /** Format: uri */
            url: string;
        };
        WebhookCreate: {
            description?: string | null;
            /** @default true */
            enabled?: boolean;
            events?: ("call_started" | "call_completed" | "call_failed" | "participant_joined" | "participant_left" | "participant_failed" | "text_received" | "text_sent" | "text_delivered" | "text_failed")[];
            /** Format: uri */
            url: string;
        };
        WebhookDelivery: {
            attempts: number;
            /** Format: uuid */
            call_id: string | null;
            /** Format: date-time */
            created_at: string;
            event_id: string;
            /** @enum {string} */
            event_type: "call_started" | "call_completed" | "call_failed" | "participant_joined" | "participant_left" | "participant_failed" | "text_received" | "text_sent" | "text_delivered" | "text_failed";
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            next_attempt_at: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "dead";
            /** Format: uuid */
            subscription_id: string | null;
            /** Format: uuid */
            text_id: string | null;
            url: string;
        };
        WebhookDeliveryDetail: {
            attempts: number;
            /** Format: uuid */
            call_id: string | null;
            /** Format: date-time */
            created_at: string;
            event_id: string;
            /** @enum {string} */
            event_type: "call_started" | "call_completed" | "call_failed" | "participant_joined" | "participant_left" | "participant_failed" | "text_received" | "text_sent" | "text_delivered" | "text_failed";
            /** Format: uuid */
            id: string;
            log: {
                /** Format: date-time */
                at: string;
                duration_ms: number;
                error: string | null;
                status_code: number | null;
            }[];
            /** Format: date-time */
            next_attempt_at: string | null;
            payload: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            state: "pending" | "delivered" | "dead";
            /** Format: uuid */
            subscription_id: string | null;
            /** Format: uuid */
            text_id: string | null;
            url: string;
        };
        WebhookPatch: {
            description?: string | null;
            enabled?: boolean;
            events?: ("call_started" | "call_completed" | "call_failed" | "participant_joined" | "participant_left" | "participant_failed" | "text_received" | "text_sent" | "text_delivered" | "text_failed")[];
            /** Format: uri */
            url?: string;
        };
        WebhookSecret: {
            /** @enum {string} */
            algorithm: "hmac-sha256";
            secret: string;
            /** @enum {string} */
            signed: "<X-Offhook-Timestamp>.<body>";
        };
        WebhookTest: {
            delivered: boolean;
            duration_ms: number;
            error: string | null;
            /** Format: uuid */
            event_id: string;
            status_code: number | null;
        };
        WebhookWithSecret: {
            /** Format: date-time */
            created_at: string;
            description: string | null;
            enabled: boolean;
            events: ("call_started" | "call_completed" | "call_failed" | "participant_joined" | "participant_left" | "participant_failed" | "text_received" | "text_sent" | "text_delivered" | "text_failed")[];
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            previous_secret_until: string | null;
            secret: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: uri */
            url: string;
        };
    };
    responses: never;
    parameters: {
        /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
        RequestId: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAgents: {
        parameters: {
            query?: {
                enabled?: boolean;
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Agent"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAgents: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Agent"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Agent"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteAgentsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchAgentsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Agent"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsByIdActions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Action"][];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAgentsByIdActions: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Action"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsByIdActionsByActionId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                actionId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Action"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteAgentsByIdActionsByActionId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                actionId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchAgentsByIdActionsByActionId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                actionId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Action"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAgentsByIdDeploy: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentDeploy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Agent"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsByIdDocuments: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Document"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAgentsByIdDocuments: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["DocumentUpload"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Document"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsByIdDocumentsByDocumentId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                documentId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Document"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteAgentsByIdDocumentsByDocumentId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                documentId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsByIdLatency: {
        parameters: {
            query?: {
                since?: string;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AgentLatency"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAgentsByIdVersions: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AgentVersion"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAgentsByIdVersionsByVersionRestore: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Agent"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getApiKeys: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postApiKeys: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["NewApiKey"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteApiKeysById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchApiKeysById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postApiKeysByIdRegenerate: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyRegenerate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["NewApiKey"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAuthAcceptInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationAcceptance"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAuthChangePassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAuthLogin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAuthLogout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            logged_out: true;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getAuthMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postAuthOrganization: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationSwitch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getBans: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Ban"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postBans: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BanCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Ban"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteBansBySource: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            source: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCalls: {
        parameters: {
            query?: {
                agent_id?: string;
                cursor?: string;
                direction?: "inbound" | "outbound";
                ended_by?: "caller" | "callee" | "agent" | "operator" | "network" | "system";
                from?: string;
                limit?: number;
                min_duration?: number;
                number?: string;
                offset?: number;
                outcome?: "answered" | "busy" | "no_answer" | "rejected" | "cancelled" | "failed";
                result?: "success" | "client_error" | "upstream_error" | "server_error" | "indeterminate";
                search?: string;
                started_after?: string;
                started_before?: string;
                status?: "initiated" | "in_progress" | "completed" | "failed";
                task_id?: string;
                to?: string;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Call"][];
                        meta: components["schemas"]["CursorPageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CallDetail"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteCallsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdAudio: {
        parameters: {
            query?: {
                to?: "far_end" | "target" | "both";
            };
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlayOver"];
                "audio/wav": string;
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PlayedOver"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdCancel: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["EndedCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdDtmf: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Digits"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PressedDigits"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdEnd: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["EndedCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdEvents: {
        parameters: {
            query?: {
                after?: number | null;
            };
            header?: {
                "last-event-id"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdHandoff: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandoffRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["HandedOff"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdInject: {
        parameters: {
            query?: {
                interrupt?: boolean;
                text?: string;
            };
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Inject"];
                "audio/wav": string;
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Interjected"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    putCallsByIdInstructions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Instructions"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["GuidedCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdListen: {
        parameters: {
            query?: {
                channels?: "1" | "2";
                rate?: "8000" | "16000" | "22050" | "24000" | "32000" | "44100" | "48000";
                talk?: "far_end" | "target" | "both";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListenInfo"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Live"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    putCallsByIdMode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallMode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["GuidedCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdMute: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["GuidedCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdParticipants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ParticipantsOfCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdParticipants: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParticipantRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ParticipantOfCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteCallsByIdParticipantsByParticipantId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
                participantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ParticipantOfCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchCallsByIdParticipantsByParticipantId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
                participantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParticipantChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ParticipantOfCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdRecording: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Recording"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdRecordingPause: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RecordingPauses"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdRecordingPeaks: {
        parameters: {
            query?: {
                buckets?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RecordingPeaks"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdRecordingResume: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RecordingPauses"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdRecordingStream: {
        parameters: {
            query?: never;
            header?: {
                range?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/ogg": string;
                    "audio/wav": string;
                };
            };
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/ogg": string;
                    "audio/wav": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdReport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Report"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdSay: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Say"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Interjected"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCallsByIdTranscript: {
        parameters: {
            query?: {
                source?: "live" | "recording";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Transcript"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdTranscript: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Transcribed"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdTransfer: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TransferStarted"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdTransferCancel: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TransferStarted"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdTransferComplete: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TransferStarted"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCallsByIdUnmute: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["GuidedCall"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCampaigns: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                status?: "draft" | "scheduled" | "running" | "paused" | "completed" | "cancelled";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaigns: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCampaignsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteCampaignsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchCampaignsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaignsByIdCancel: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCampaignsByIdContacts: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                outcome?: string;
                search?: string;
                status?: "pending" | "queued" | "in_progress" | "completed" | "failed" | "cancelled";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CampaignContact"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaignsByIdContacts: {
        parameters: {
            query?: {
                partial?: boolean;
            };
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignContactsCreate"];
                "text/csv": string;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CampaignContactsAdded"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteCampaignsByIdContactsByContactId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                contactId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaignsByIdContactsSelection: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactSelection"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ContactsRecruited"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaignsByIdPause: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCampaignsByIdProgress: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CampaignProgress"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaignsByIdResume: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postCampaignsByIdStart: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignStart"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Campaign"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getContacts: {
        parameters: {
            query?: {
                do_not_call?: boolean;
                limit?: number;
                offset?: number;
                search?: string;
                tag?: string;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Contact"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postContacts: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Contact"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getContactsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Contact"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteContactsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchContactsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Contact"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postContactsImport: {
        parameters: {
            query?: {
                partial?: boolean;
                update?: boolean;
            };
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactsImport"];
                "text/csv": string;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ContactsImported"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getDoNotCall: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                search?: string;
                source?: "api" | "csv" | "caller_voice" | "caller_dtmf" | "import";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DoNotCallEntry"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postDoNotCall: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoNotCallCreate"] | components["schemas"]["DoNotCallCreateMany"];
                "text/csv": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DoNotCallEntry"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DoNotCallEntry"] | components["schemas"]["DoNotCallImported"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getDoNotCallByNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DoNotCallEntry"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteDoNotCallByNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            number: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getMemories: {
        parameters: {
            query?: {
                agent_id?: string;
                contact?: string;
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Memory"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteMemories: {
        parameters: {
            query: {
                agent_id?: string;
                contact: string;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            forgotten: number;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getOrganizations: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Organization"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postOrganizations: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Organization"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getOrganizationsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Organization"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchOrganizationsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Organization"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getPhones: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Phone"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postPhones: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Phone"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getPhonesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Phone"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deletePhonesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchPhonesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhonePatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Phone"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getRoutes: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Route"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postRoutes: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Route"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getRoutesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Route"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteRoutesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchRoutesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoutePatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Route"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postRoutesTest: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteTestCall"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RouteTestResult"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getSessions: {
        parameters: {
            query?: {
                agent_id?: string;
                ext_id?: string;
                ext_type?: "web" | "mobile" | "telegram" | "whatsapp" | "email" | "sip" | "facebook" | "sms";
                limit?: number;
                offset?: number;
                status?: "open" | "completed" | "busy" | "noanswer" | "canceled" | "failed" | "resolved_by_operator" | "escalated_by_operator" | "not_found" | "network_error" | "unknown" | "user_timeout" | "timeout" | "declined" | "transferred" | "daily_limit_exceeded";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postSessions: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getSessionsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteSessionsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchSessionsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getSessionsByIdAttachmentsByAttachmentId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                attachmentId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postSessionsByIdClose: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionClose"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getSessionsByIdEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getSessionsByIdMessages: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionMessage"][];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postSessionsByIdMessages: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageCreate"];
                "multipart/form-data": components["schemas"]["MessageForm"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionReply"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    putSessionsByIdMessagesByMessageIdFeedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageFeedback"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionMessage"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    putSessionsByIdMode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionModeChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getSessionsByIdNotes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionNote"][];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postSessionsByIdOperatorMessages: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorMessage"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionMessage"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTasks: {
        parameters: {
            query?: {
                agent_id?: string;
                limit?: number;
                offset?: number;
                status?: "pending" | "in_progress" | "completed" | "failed";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Task"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postTasks: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Task"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTasksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TaskDetail"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteTasksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchTasksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Task"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postTasksByIdExecute: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TaskExecute"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ExecutedTask"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postTasksByIdReset: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Task"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTasksPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OutboundPolicy"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    putTasksPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutboundPolicyUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OutboundPolicy"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTexts: {
        parameters: {
            query?: {
                call_id?: string;
                contact?: string;
                direction?: "inbound" | "outbound";
                limit?: number;
                offset?: number;
                status?: "received" | "pending" | "sent" | "delivered" | "failed";
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Text"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postTexts: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TextCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Text"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTextsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Text"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTextsThreads: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TextThread"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTrunks: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Trunk"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postTrunks: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrunkCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Trunk"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTrunksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Trunk"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteTrunksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchTrunksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrunkPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Trunk"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getTrunksByIdStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TrunkStatus"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getUsers: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Member"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteUsersById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchUsersById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Member"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getUsersInvitations: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Invitation"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteUsersInvitationsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postUsersInvite: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["NewInvitation"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookWithSecret"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getWebhooksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteWebhooksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {boolean} */
                            deleted: true;
                            /** Format: uuid */
                            id: string;
                        };
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    patchWebhooksById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postWebhooksByIdRotateSecret: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookWithSecret"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postWebhooksByIdTest: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookTest"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getWebhooksDeliveries: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                state?: "pending" | "delivered" | "dead";
                subscription_id?: string;
            };
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDelivery"][];
                        meta: components["schemas"]["PageMeta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getWebhooksDeliveriesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDeliveryDetail"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    postWebhooksDeliveriesByIdReplay: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDeliveryDetail"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getWebhooksSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookSecret"];
                        meta: components["schemas"]["Meta"];
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
}
