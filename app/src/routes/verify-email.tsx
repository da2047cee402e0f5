/**
 * /verify-email
 * @module
 */
import { VerifyEmailView } from "../views/accounts/recovery";

export default VerifyEmailView;
