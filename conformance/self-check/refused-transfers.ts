import { operationById, type Contract } from '../contract/contract.ts';
import { constraintsOf } from '../contract/constraints.ts';
import { statusOfCode } from '../contract/refusal.ts';
import { answering, isAcceptedTransfer } from './answers.ts';
import { family, type Change, type WrongAnswer } from './wrong-answer.ts';
import { readRequest } from './requests.ts';
import { transferForms } from './transfer-forms.ts';

/** Transfers that must be accepted, and are answered as if they broke something. */
export function refusedTransfers(contract: Contract): WrongAnswer[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const codes = new Map(constraintsOf(contract, transfer).map(({ name, errorCode }) => [name, errorCode]));
  return transferForms.flatMap(({ name, subject, parameter, needs, has }) => {
    const code = codes.get(parameter);
    if (code === undefined) return [];
    const status = statusOfCode(transfer, code);
    const refuse = answering(Number(status), { error: { code, message: 'The request was refused.' } });
    const change: Change = (exchange) => (has(readRequest(exchange.request)) ? refuse(exchange) : undefined);
    return family('refuses', needs, isAcceptedTransfer, [
      [name, `${subject} is refused with ${status} and ${code}.`, change],
    ]);
  });
}
