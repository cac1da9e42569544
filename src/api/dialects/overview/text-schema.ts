import { z } from 'zod';

const MAX_TEXT = 5000;

export const HookCreate = z
  .strictObject({
    agentId: z.uuid().meta({ description: 'Who answers.' }),
    secret: z.string().min(16).max(200).optional().meta({
      description: 'What the provider signs with, such as its auth token; one is made where none is given.',
      example: 'the-auth-token-of-the-provider',
    }),
  })
  .meta({ id: 'OverviewTextWebhookCreate' });

export const HookResource = z
  .object({
    id: z.uuid(),
    agentId: z.uuid(),
    url: z.string().meta({ description: 'To be entered at the provider.' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'OverviewTextWebhook' });
export const NewHookResource = HookResource.extend({
  secret: z.string().meta({ description: 'Shown this once.' }),
}).meta({ id: 'OverviewNewTextWebhook' });

/** The form that providers of SMS send; what else stands in it is signed, and of no use to us. */
export const IncomingForm = z.object({
  From: z.string().trim().min(1).max(255),
  To: z.string().trim().max(255).optional(),
  Body: z.string().max(MAX_TEXT),
  MessageSid: z.string().min(1).max(255),
});

export const IncomingText = z
  .strictObject({
    id: z.string().min(1).max(255).meta({ description: 'Of the text: one that comes again is answered once.' }),
    from: z.string().trim().min(1).max(255).meta({ example: '+4930123456' }),
    to: z.string().trim().max(255).optional(),
    text: z.string().max(MAX_TEXT),
  })
  .meta({ id: 'OverviewIncomingText' });

export const Answer = z
  .object({ reply: z.string().nullable().meta({ description: 'null: nothing is to be sent.' }) })
  .meta({ id: 'OverviewTextAnswer' });
