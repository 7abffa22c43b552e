import { move } from './move.mjs';

// oxlint-disable-next-line import/no-default-export -- workerd asks for one
export default { fetch: async (_request, { BASE_URL }) => new Response(await move(BASE_URL)) };
