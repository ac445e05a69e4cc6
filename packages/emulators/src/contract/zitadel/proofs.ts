import assert from 'node:assert/strict';
import { human, humanFields, organization } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, unique } from './wire.ts';

const precondition = 'failed_precondition';

/** What holds for codes that prove an address, invitations, and links to identity providers. */
export const proofCases: readonly ContractCase[] = [
  {
    name: 'a code for a mail address can be sent anew, and proves it once',
    quirk: 12,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire), {
          human: humanFields('code@example.com', { isVerified: false }),
        });
        const sent = await wire.call('user', 'SendEmailCode', { userId, returnCode: {} });
        const resent = await wire.call('user', 'ResendEmailCode', { userId, returnCode: {} });
        assert.match(sent.verificationCode ?? '', /^[A-Z0-9]{6}$/);
        assert.match(resent.verificationCode ?? '', /^[A-Z0-9]{6}$/);
        await wire.call('user', 'VerifyEmail', { userId, verificationCode: resent.verificationCode });
        const { user } = await wire.call('user', 'GetUserByID', { userId });
        assert.equal(user?.human?.email?.isVerified, true);
        await wire.refused(precondition, 'EMAIL-5w5ilin4yt', 'user', 'ResendEmailCode', { userId });
        const unknown = { userId: unique('none'), returnCode: {} };
        await wire.refused('not_found', 'COMMAND-ieJ2e', 'user', 'SendEmailCode', unknown);
      }),
  },
  {
    name: 'a phone is proved by its code, which can be had again until then',
    run: (target) =>
      asOwner(target, async (wire) => {
        const fields = humanFields('phone@example.com');
        const userId = await human(wire, await organization(wire), {
          human: { ...fields, phone: { phone: '+41791234567', returnCode: {} } },
        });
        const { verificationCode } = await wire.call('user', 'ResendPhoneCode', { userId, returnCode: {} });
        await wire.refused('invalid_argument', undefined, 'user', 'VerifyPhone', {
          userId,
          verificationCode: 'WRONG1',
        });
        await wire.call('user', 'VerifyPhone', { userId, verificationCode });
        const { user } = await wire.call('user', 'GetUserByID', { userId });
        assert.equal(user?.human?.phone?.isVerified, true);
        await wire.refused(precondition, undefined, 'user', 'ResendPhoneCode', { userId });
      }),
  },
  {
    name: 'an invitation is for a person without a way to sign in, and its code proves the address',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const userId = await human(wire, organizationId, {
          human: humanFields('invited@example.com', { isVerified: false }),
        });
        const { inviteCode } = await wire.call('user', 'CreateInviteCode', { userId, returnCode: {} });
        await wire.refused('invalid_argument', undefined, 'user', 'VerifyInviteCode', {
          userId,
          verificationCode: 'WRONG1',
        });
        await wire.call('user', 'VerifyInviteCode', { userId, verificationCode: inviteCode });
        const { user } = await wire.call('user', 'GetUserByID', { userId });
        assert.equal(user?.human?.email?.isVerified, true);
        await wire.refused(precondition, 'COMMAND-Wgvn4', 'user', 'CreateInviteCode', {
          userId: unique('none'),
          returnCode: {},
        });
        const known = await human(wire, organizationId, {
          human: { ...humanFields('known@example.com'), password: { password: 'Correct-Horse1' } },
        });
        const again = { userId: known, returnCode: {} };
        await wire.refused(precondition, 'COMMAND-EF34g', 'user', 'CreateInviteCode', again);
      }),
  },
  {
    name: 'identity providers: a link to an unknown one is failed_precondition, reading it and unlinking not_found',
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const idpId = unique('none');
        await wire.refused('not_found', undefined, 'idp', 'GetIDPByID', { id: idpId });
        await wire.refused(precondition, 'COMMAND-39nf2', 'user', 'AddIDPLink', {
          userId,
          idpLink: { idpId, userId: 'external', userName: 'external' },
        });
        await wire.refused('not_found', undefined, 'user', 'RemoveIDPLink', {
          userId,
          idpId,
          linkedUserId: 'external',
        });
        const links = await wire.call('user', 'ListIDPLinks', { userId });
        assert.equal(links.result, undefined);
        assert.equal(links.details?.totalResult, undefined);
      }),
  },
];
