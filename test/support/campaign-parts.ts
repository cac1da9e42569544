import { CampaignRecruiting } from '../../src/campaigns/campaign-recruiting.js';
import { CampaignService } from '../../src/campaigns/campaign-service.js';
import { ContactService } from '../../src/contacts/contact-service.js';
import type { Clock } from '../../src/core/clock.js';
import type { Database } from '../../src/storage/database.js';

/** Campaigns and the address book they take their contacts from; `onChanged` is to look whether there is somebody to be called. */
export function campaignParts({ database, clock, onChanged }: { database: Database; clock: Clock; onChanged: () => void }) {
  const { addressBook: book } = database;
  const campaigns = new CampaignService({ campaigns: database.campaigns, clock, onChanged });
  return {
    campaigns,
    recruiting: new CampaignRecruiting({ campaigns, book, clock }),
    contacts: new ContactService({ book, clock }),
  };
}
