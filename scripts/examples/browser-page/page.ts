import { createTransferClient, TransferClientError, type TransferAnswer } from 'transfer-contract';

// The page's own server forwards /uapi to the installation and adds nothing: a token must never be part of a page, so a
// real page would ask its server for one.
const client = createTransferClient({ baseUrl: location.origin, token: () => 'token' });

const form = document.querySelector('form') as HTMLFormElement;
const status = document.querySelector('[role=status]') as HTMLElement;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void transfer(new FormData(form)).then((sentence) => (status.textContent = sentence));
});

async function transfer(fields: FormData): Promise<string> {
  const field = (name: string): string => String(fields.get(name));
  try {
    const answer = await client.transferPhoneCall({
      userId: '@me',
      extension: '@self',
      phoneCallId: field('phoneCallId'),
      sendCallTo: field('sendCallTo'),
      transferFromNumber: field('transferFromNumber'),
    });
    return sentenceAbout(answer);
  } catch (error) {
    if (error instanceof TransferClientError) return `Not transferred: ${error.message}`;
    throw error;
  }
}

function sentenceAbout(answer: TransferAnswer): string {
  if (answer.ok) return 'Transferred.';
  if (answer.status !== 400) return `Refused: ${answer.error.message}`;
  switch (answer.error.code) {
    case 'pc_phoncall_invalid':
      return 'This call has ended.';
    case 'pc_sendcallto_invalid':
      return 'The number to send it to is no telephone number.';
    default:
      return `Refused: ${answer.error.message}`;
  }
}
